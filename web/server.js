// What the server tells beside the pictures: which cameras there are and how each of them is, live
// by events; what it can do; and how far its clock is from the one here.
//
// A server without /api/v1 tells the states of its cameras in /healthz, and why one has no picture
// in its /state: both are asked for again and again then.

const pollEvery = 2000; // milliseconds
const clockEvery = 60000;
const answerWithin = 5000;

export async function json(path, options = {}) {
    const answer = await fetch(path, {
        cache: "no-store",
        signal: AbortSignal.timeout(answerWithin),
        ...options,
    });
    const body = await answer.json().catch(() => ({}));
    return { ok: answer.ok, status: answer.status, body };
}

export const pathOf = (name, what) => `./cameras/${encodeURIComponent(name)}/${what}`;

export const apiOf = (name, what) => `./api/v1/cameras/${encodeURIComponent(name)}/${what}`;

export class Server extends EventTarget {
    cameras = new Map(); // name -> what /api/v1/cameras/NAME says
    features = {};
    may = {};
    limits = {};
    offset; // milliseconds: its clock less ours; unknown at first
    hasApi; // unknown until it was asked
    #running = false;
    #events;
    #timers = [];
    #asked = new Map(); // when the fault of a camera was asked for

    // `cameras`: [{ name, title }], as the page came with.
    constructor(cameras) {
        super();
        for (const camera of cameras) {
            this.cameras.set(camera.name, camera);
        }
    }

    async start() {
        if (this.#running) {
            return;
        }
        this.#running = true;
        await this.#meet();
        if (!this.#running) {
            return;
        }
        if (this.hasApi) {
            this.#listen();
            this.#timers.push(setInterval(() => this.#meet(), clockEvery));
        } else {
            this.#timers.push(setInterval(() => this.#poll(), pollEvery));
        }
    }

    stop() {
        this.#running = false;
        this.#events?.close();
        this.#events = undefined;
        this.#timers.splice(0).forEach(clearInterval);
    }

    again() {
        if (this.#running) {
            this.stop();
            this.start();
        }
    }

    // Why a camera has no picture, where events do not tell.
    async askFault(name) {
        const last = this.#asked.get(name) ?? 0;
        if (this.#events || Date.now() - last < pollEvery) {
            return;
        }
        this.#asked.set(name, Date.now());
        const { ok, body } = await json(pathOf(name, "state")).catch(() => ({}));
        const own = body?.result?.onlooker;
        if (ok && own) {
            const viewers = body.result.stream.clients;
            this.#tell({ name, state: own.state, fault: own.fault, viewers });
        }
    }

    // The quickest of three answers knows the time best: the middle of its way there and back.
    async #meet() {
        let best = Infinity;
        for (let i = 0; i < 3; i += 1) {
            const sent = performance.now();
            const { ok, status, body } = await json("./api/v1/server").catch(() => ({}));
            const took = performance.now() - sent;
            if (!ok) {
                this.hasApi = status === undefined ? this.hasApi : false;
                break;
            }
            this.hasApi = true;
            this.features = body.features ?? {};
            this.may = body.may ?? {};
            this.limits = body.limits ?? {};
            if (took < best && typeof body.time === "number") {
                best = took;
                this.offset = body.time * 1000 + took / 2 - Date.now();
            }
        }
        this.dispatchEvent(new Event("met"));
    }

    #listen() {
        const events = new EventSource("./api/v1/events");
        this.#events = events;
        // It tries again by itself unless something on the way answered wrongly.
        events.onerror = () => {
            if (events.readyState === EventSource.CLOSED && this.#events === events) {
                this.#timers.push(setTimeout(() => this.again(), pollEvery));
            }
        };
        const on = (name, take) =>
            events.addEventListener(name, (event) => {
                let data;
                try {
                    data = JSON.parse(event.data);
                } catch {
                    return;
                }
                take(data);
            });
        on("camera", (camera) => this.#tell(camera));
        on("viewers", ({ camera, viewers }) => this.#tell({ name: camera, viewers }));
        on("controls", (detail) => this.dispatchEvent(new CustomEvent("controls", { detail })));
        on("gone", ({ camera }) => this.#forget(camera));
        // Those that went while nobody listened.
        on("begin", ({ cameras }) =>
            [...this.cameras.keys()].forEach((name) => cameras.includes(name) || this.#forget(name)));
    }

    #forget(name) {
        if (this.cameras.delete(name)) {
            this.dispatchEvent(new CustomEvent("gone", { detail: name }));
        }
    }

    async #poll() {
        if (this.hasApi === undefined) {
            this.again(); // it was away when it was asked
            return;
        }
        const { ok, body } = await json("./healthz").catch(() => ({}));
        for (const [name, state] of Object.entries((ok && body.cameras) || {})) {
            this.#tell({ name, state });
        }
    }

    #tell(news) {
        const isNew = !this.cameras.has(news.name);
        const before = this.cameras.get(news.name) ?? { title: news.name };
        const after = { ...before, ...news };
        // A whole camera without a fault is well; a part of one says nothing of it.
        if (!("fault" in news) && ("live" in news || news.state === "live")) {
            delete after.fault;
        }
        this.cameras.set(news.name, after);
        this.dispatchEvent(new CustomEvent(isNew ? "came" : "camera", { detail: after }));
    }
}
