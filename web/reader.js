// Reads streams and decodes their pictures, in a worker: what the page is busy with makes no picture
// late. One picture of each camera is under way, decoded and handed over; while it is, the next ones
// are read on, and only the newest of them is decoded then. So a weak machine shows fewer pictures,
// and none that is old.
//
//     in:  { id, open: address }     { id, abort: true }     { id, taken: camera }
//     out: { id, head: { ok, status, words, wall } }, and then as they come
//          { id, heard: true }       octets came
//          { id, camera, card: true }                       there is no picture of it
//          { id, camera, stamp, step, octets, bitmap }      to be answered with `taken`
//          { id, end: true }         the connection is over, whyever

import { Parts } from "./multipart.js";

const tellHeardEvery = 250; // milliseconds

// The second line of what this server says with an error.
async function refusalOf(answer) {
    const lines = (await answer.text().catch(() => "")).split("\n");
    return (lines[1] || `The server answers ${answer.status}.`).slice(0, 300);
}

class Connection {
    #id;
    #over = new AbortController();
    #cameras = new Map(); // name -> { stamp, next, busy }
    #toldHeard = 0;

    constructor(id) {
        this.#id = id;
    }

    async run(address) {
        try {
            const signal = this.#over.signal;
            const answer = await fetch(address, { cache: "no-store", signal });
            const { ok, status } = answer;
            const words = ok ? "" : await refusalOf(answer);
            this.#tell({ head: { ok, status, words, wall: answer.headers.get("X-Wall") } });
            if (ok) {
                await this.#read(answer.body.getReader());
            }
        } catch {
            // Whatever broke, it is over.
        }
        this.close();
        this.#tell({ end: true });
    }

    close() {
        this.#over.abort();
        this.#cameras.clear();
    }

    taken(name) {
        const camera = this.#cameras.get(name);
        if (camera) {
            camera.busy = false;
            this.#decode(name, camera);
        }
    }

    async #read(reader) {
        const parts = new Parts((fields, octets) => this.#part(fields, octets));
        for (let got; !(got = await reader.read()).done; ) {
            parts.push(got.value);
            const now = Date.now();
            if (now - this.#toldHeard > tellHeardEvery) {
                this.#toldHeard = now;
                this.#tell({ heard: true });
            }
        }
    }

    #part(fields, octets) {
        const name = fields["x-camera"] ?? "";
        if (!this.#cameras.has(name)) {
            this.#cameras.set(name, {});
        }
        const camera = this.#cameras.get(name);
        if (fields["x-picture-card"]) {
            camera.next = camera.stamp = undefined;
            this.#tell({ camera: name, card: true });
            return;
        }
        const stamp = Number(fields["x-timestamp"]) * 1000;
        if (stamp === camera.stamp) {
            return; // it is sent again where no other came
        }
        camera.stamp = stamp;
        camera.next = { stamp, step: fields["x-step"], octets };
        this.#decode(name, camera);
    }

    async #decode(name, camera) {
        while (camera.next && !camera.busy) {
            const { stamp, step, octets } = camera.next;
            camera.next = undefined;
            camera.busy = true;
            try {
                const bitmap = await createImageBitmap(new Blob([octets], { type: "image/jpeg" }));
                const told = { camera: name, stamp, step, octets: octets.length, bitmap };
                this.#tell(told, [bitmap]);
            } catch {
                camera.busy = false; // one that cannot be decoded; another comes
            }
        }
    }

    #tell(what, moved = []) {
        postMessage({ id: this.#id, ...what }, moved);
    }
}

const connections = new Map();

addEventListener("message", ({ data: { id, open, abort, taken } }) => {
    const there = connections.get(id);
    if (open) {
        const connection = new Connection(id);
        connections.set(id, connection);
        connection.run(open).then(() => connections.delete(id));
    } else if (abort) {
        there?.close();
    } else {
        there?.taken(taken);
    }
});
