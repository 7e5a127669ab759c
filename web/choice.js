// What is shown: one camera or a wall, in which order and size, how turned, how fast. It stands in
// the address, so a link shows the same elsewhere, and is remembered on this device for the next
// visit without one.
//
//     ?camera=bed&turn=90&flip=1     one camera
//     ?wall                          all
//     ?wall=yard,bed*2               these, in this order, the second one twice as large
//     &fps=5&size=1/2&figures=1      for both; size is for one camera, and means its own otherwise

const place = `onlooker:${new URL(".", location.href).pathname}`;
const sizes = ["auto", "1", "3/4", "1/2", "1/4"];

function remembered() {
    try {
        return JSON.parse(localStorage.getItem(place)) ?? {};
    } catch {
        return {};
    }
}

// "yard,bed*2" as [{ name, span }].
function tilesOf(text) {
    const tiles = new Map();
    for (const word of text.split(",")) {
        const [name, span] = word.trim().split("*");
        if (name) {
            tiles.set(name, { name, span: span === "2" ? 2 : 1 });
        }
    }
    return [...tiles.values()];
}

export class Choice {
    camera;
    wall = false;
    tiles = []; // empty: all, as the server has them
    fps = 0; // 0: as they come
    size = "auto";
    figures = false;
    turns = {}; // of each camera: [degrees, mirrored]
    onChange = () => {};

    constructor() {
        const kept = remembered();
        const asked = new URLSearchParams(location.search);
        const isAsked = asked.has("camera") || asked.has("wall");
        const get = (name) => asked.get(name) ?? kept[name];
        this.camera = asked.get("camera") ?? kept.camera;
        this.wall = isAsked ? asked.has("wall") && !asked.has("camera") : kept.wall === true;
        this.tiles = tilesOf(String((asked.get("wall") || kept.tiles) ?? ""));
        this.fps = Math.min(Math.max(Number(get("fps")) || 0, 0), 240);
        this.size = sizes.includes(get("size")) ? get("size") : "auto";
        this.figures = String(get("figures")) === "1";
        this.turns = typeof kept.turns === "object" && kept.turns ? kept.turns : {};
        if (this.camera && (asked.has("turn") || asked.has("flip"))) {
            this.turns[this.camera] = [Number(asked.get("turn")) || 0, asked.get("flip") === "1"];
        }
    }

    get sizes() {
        return sizes;
    }

    turnOf(name) {
        const [degrees, mirror] = this.turns[name] ?? [];
        return [[90, 180, 270].includes(degrees) ? degrees : 0, mirror === true];
    }

    // The tiles of a wall of these cameras: those that were chosen, or all.
    tilesAmong(names) {
        const chosen = this.tiles.filter(({ name }) => names.includes(name));
        return chosen.length > 0 ? chosen : names.map((name) => ({ name, span: 1 }));
    }

    change(what) {
        Object.assign(this, what);
        this.#keep();
        this.onChange();
    }

    #tilesAsText() {
        return this.tiles.map(({ name, span }) => (span > 1 ? `${name}*${span}` : name)).join(",");
    }

    #keep() {
        const { camera, wall, fps, size, turns } = this;
        const tiles = this.#tilesAsText();
        const figures = this.figures ? "1" : "0";
        try {
            const all = { camera, wall, tiles, fps, size, figures, turns };
            localStorage.setItem(place, JSON.stringify(all));
        } catch {
            // Not allowed here; the address has it.
        }
        history.replaceState(null, "", this.address());
    }

    // Of this page, as it is; what else stands in the address stays there.
    address() {
        const address = new URL(location.href);
        const words = address.searchParams;
        const [turn, flip] = this.turnOf(this.camera);
        const rows = {
            camera: this.wall ? "" : this.camera,
            turn: !this.wall && turn,
            flip: !this.wall && flip && 1,
            fps: this.fps,
            size: !this.wall && this.size !== "auto" && this.size,
            figures: this.figures && 1,
        };
        if (this.wall) {
            words.set("wall", this.#tilesAsText());
        } else {
            words.delete("wall");
        }
        for (const [name, value] of Object.entries(rows)) {
            words.delete(name);
            if (value) {
                words.set(name, value);
            }
        }
        // Nicer to read; none of these means anything else in a query.
        address.search = words.toString().replace(/%2C/g, ",").replace(/%2F/g, "/")
            .replace(/wall=(&|$)/, "wall$1");
        return address.href;
    }
}
