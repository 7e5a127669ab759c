// A wall: many pictures in one grid, over one connection (GET /wall), each asked for in the size
// that its tile has in pixels of the screen. What is scrolled out of sight asks for nothing, and
// what changes is told to the connection that is there (POST /wall/ID), so nothing blinks.
//
// A tile is as wide as 16:9 needs, whatever its picture: so nothing moves when pictures come.

import { Live } from "./live.js";

const aspect = 16 / 9;
const gap = 4; // pixels of CSS, as all sizes here
const leastWidth = 150; // less is scrolled
const settleAfter = 150; // milliseconds
const sizeStep = 64; // pixels of the screen: a few more than a tile has are no other size
const manyTiles = 12; // more are asked for less often, unless a rate is chosen
const rateOfMany = 10;

// How many rows tiles of these spans take in so many columns, each laid where it first fits, as
// grid-auto-flow: dense does it.
export function rowsOf(spans, columns) {
    const taken = new Set();
    let rows = 0;
    for (const wanted of spans) {
        const span = Math.min(wanted, columns);
        const cells = (row, column) =>
            Array.from({ length: span * span }, (_, i) =>
                (row + Math.floor(i / span)) * columns + column + (i % span));
        for (let place = 0; ; place += 1) {
            const row = Math.floor(place / columns);
            const column = place % columns;
            if (column + span <= columns && cells(row, column).every((c) => !taken.has(c))) {
                cells(row, column).forEach((c) => taken.add(c));
                rows = Math.max(rows, row + span);
                break;
            }
        }
    }
    return rows;
}

// The columns, and the width of one, that make the tiles as large as they can be.
export function packed(spans, width, height) {
    let best = { columns: 1, tile: 0 };
    const cells = spans.reduce((sum, span) => sum + span * span, 0);
    // With fewer columns than that, the large one would not be larger than the others.
    for (let columns = Math.max(...spans, 1); columns <= Math.max(cells, 1); columns += 1) {
        const rows = rowsOf(spans, columns) || 1;
        const across = (width - gap * (columns - 1)) / columns;
        const down = ((height - gap * (rows - 1)) / rows) * aspect;
        const tile = Math.floor(Math.min(across, down));
        if (tile > best.tile) {
            best = { columns, tile };
        }
    }
    const least = Math.min(leastWidth, width);
    if (best.tile >= least) {
        return best;
    }
    const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
    return { columns, tile: Math.floor((width - gap * (columns - 1)) / columns) };
}

export class Wall {
    live;
    #stage;
    #server;
    #extra; // URLSearchParams: more words, for all
    #tiles = []; // [{ name, span, picture }]
    #rate = 0;
    #packed = { columns: 1, tile: 0 };
    #visible = new Set();
    #seen = false; // the observer has spoken
    #plain = false; // no sizes: the server makes no more kinds of pictures
    #id;
    #sent = "";
    #wanted = false;
    #timer;
    #resizes = new ResizeObserver(() => this.#pack());
    #sights = new IntersectionObserver((entries) => this.#see(entries));

    constructor(stage, server, extra = new URLSearchParams()) {
        this.#stage = stage;
        this.#server = server;
        this.#extra = extra;
        this.live = new Live({
            address: () => {
                this.#id = undefined;
                this.#sent = this.#words();
                return `./wall?${this.#sent}`;
            },
            answered: (head) => {
                this.#id = head.wall;
                this.#settle();
            },
            refused: (status) => {
                const again = status === 503 && !this.#plain;
                this.#plain ||= again;
                return again;
            },
            picture: (news) => {
                const picture = this.#pictureOf(news.camera);
                if (picture) {
                    picture.take(news, server.offset);
                } else {
                    news.bitmap.close();
                }
            },
            card: (camera) => this.#pictureOf(camera)?.card(),
            changed: () => this.#tell(),
        });
    }

    show(tiles, rate) {
        const before = this.#tiles;
        this.#tiles = tiles;
        this.#rate = rate;
        const elements = tiles.map(({ picture }) => picture.element);
        for (const { picture } of before) {
            if (!elements.includes(picture.element)) {
                this.#sights.unobserve(picture.element);
                this.#visible.delete(picture.name);
            }
        }
        for (const { picture, span } of tiles) {
            picture.element.style.setProperty("--span", span);
            this.#sights.observe(picture.element);
        }
        // Only what really moves is moved: a moved element loses the focus.
        if (elements.some((one, i) => this.#stage.children[i] !== one)
            || this.#stage.children.length !== elements.length) {
            this.#stage.replaceChildren(...elements);
        }
        this.#stage.classList.add("wall");
        this.#resizes.observe(this.#stage);
        this.#pack();
        this.#tell();
    }

    leave() {
        this.close();
        this.#resizes.disconnect();
        this.#sights.disconnect();
        this.#visible.clear();
        this.#seen = false;
        this.#tiles = [];
        this.#stage.classList.remove("wall");
        this.#stage.replaceChildren();
    }

    open() {
        this.#wanted = true;
        if (this.#seen) {
            this.#settle();
        }
    }

    close() {
        this.#wanted = false;
        clearTimeout(this.#timer);
        this.live.close();
    }

    #pictureOf(camera) {
        return this.#tiles.find(({ name }) => name === camera)?.picture;
    }

    #tell() {
        const { state, words, retryAt } = this.live;
        this.#tiles.forEach(({ picture }) => picture.link(state, words, retryAt));
    }

    #pack() {
        const { clientWidth, clientHeight } = this.#stage;
        if (clientWidth === 0 || this.#tiles.length === 0) {
            return;
        }
        this.#packed = packed(this.#tiles.map(({ span }) => span), clientWidth, clientHeight);
        const { columns, tile } = this.#packed;
        this.#stage.style.setProperty("--columns", columns);
        this.#stage.style.setProperty("--tile", `${tile}px`);
        for (const { picture, span } of this.#tiles) {
            picture.element.style.setProperty("--span", Math.min(span, columns));
        }
        this.#settleSoon();
    }

    #see(entries) {
        for (const { target, isIntersecting } of entries) {
            this.#visible[isIntersecting ? "add" : "delete"](target.dataset.name);
        }
        if (this.#seen) {
            this.#settleSoon();
        } else {
            this.#seen = true;
            this.#settle();
        }
    }

    // ---- what is asked for ----

    #words() {
        const words = new URLSearchParams(this.#extra);
        const shown = this.#tiles.filter(({ name }) => this.#visible.has(name));
        words.set("cameras", shown.map(({ name }) => name).join(","));
        const rate = this.#rate || (shown.length > manyTiles ? rateOfMany : 0);
        if (rate && !words.has("fps")) {
            words.set("fps", rate);
        }
        // Each size of each camera is one more kind of picture.
        const most = this.#server.limits.variants?.max ?? Infinity;
        if (!this.#plain && !words.has("width") && shown.length <= most) {
            for (const { name, span, picture } of shown) {
                const wide = this.#packed.tile * Math.min(span, this.#packed.columns);
                const pixels = [wide, wide / aspect].map((size) =>
                    Math.ceil((size * devicePixelRatio) / sizeStep) * sizeStep);
                const [width, height] = picture.lies ? pixels.reverse() : pixels;
                words.set(`${name}.width`, width);
                words.set(`${name}.height`, height);
            }
        }
        return words.toString();
    }

    #settleSoon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#settle(), settleAfter);
    }

    async #settle() {
        if (!this.#wanted) {
            return;
        }
        if (![...this.#visible].some((name) => this.#tiles.some((tile) => tile.name === name))) {
            this.live.close();
            return;
        }
        this.live.open();
        const words = this.#words();
        const id = this.#id;
        if (!id || words === this.#sent) {
            return;
        }
        this.#sent = words;
        // As a form, which every server behind a prefix understands alike.
        const answer = await fetch(`./wall/${id}`, {
            method: "POST",
            headers: { "Content-Type": "application/x-www-form-urlencoded" },
            body: words,
        }).catch(() => undefined);
        if (answer?.status === 503 && !this.#plain) {
            this.#plain = true;
            this.#settle();
        } else if (answer && !answer.ok && id === this.#id) {
            this.live.again();
        }
    }
}
