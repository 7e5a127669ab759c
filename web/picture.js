// The picture of one camera, and how it is: live, frozen, the camera gone, the connection lost. What
// stands still is dimmed and says for how long, so it is never taken for live.
//
// Drawn on a canvas, for what is drawn stays there while a connection is lost.

const leastFrozen = 2000; // milliseconds
const measured = 2000; // the span of the figures

const rounded = (value, digits) => Number(value.toFixed(digits));

function element(name, className, parent) {
    const made = document.createElement(name);
    made.className = className;
    parent?.append(made);
    return made;
}

export class Picture {
    name;
    element = element("figure", "picture");
    canvas = element("canvas", "", this.element);
    size; // { width, height } of what is painted, after the turn
    how = ""; // see #judge
    fault = ""; // of the camera, in words, where they are known
    onHow = () => {};
    onCard = () => {};
    #open = element("button", "open", this.element);
    #words = element("p", "why", this.element);
    #caption = element("figcaption", "", this.element);
    #name = element("bdi", "name", this.#caption);
    #how = element("span", "how", this.#caption);
    #context = this.canvas.getContext("2d", { alpha: false });
    #figures;
    #bitmap;
    #link = { state: "off", words: "", retryAt: 0 };
    #card = false; // the server says that there is no picture
    #paused = 0;
    #came = 0; // when the last one did
    #gap = 0; // the usual one
    #painted = []; // { at, octets, age } of the last seconds
    #turn = 0;
    #mirror = false;

    constructor(name, title, onOpen) {
        this.name = name;
        this.element.dataset.name = name;
        this.canvas.setAttribute("role", "img");
        this.#open.type = "button";
        this.#open.addEventListener("click", () => onOpen?.(name));
        this.rename(title);
        this.#show("opening");
    }

    rename(title) {
        this.title = title;
        this.#name.textContent = title;
        this.#open.setAttribute("aria-label", `Show ${title} alone`);
        this.canvas.setAttribute("aria-label", `Live picture of ${title}`);
    }

    // ---- what comes ----

    // { stamp, step, octets, bitmap }; the bitmap is its own from here on. `offset`: of the server's
    // clock.
    take(news, offset) {
        if (this.#paused) {
            news.bitmap.close();
            return;
        }
        const now = Date.now();
        if (this.#came && !this.#card) {
            const gap = Math.min(now - this.#came, 60000);
            this.#gap += (gap - this.#gap) / (this.#gap ? 8 : 1);
        }
        this.#card = false;
        this.#came = now;
        this.#bitmap?.close();
        this.#bitmap = news.bitmap;
        this.#paint();
        this.#count(news, offset);
        this.tick();
    }

    // The server says that there is no picture.
    card() {
        if (!this.#paused) {
            this.#card = true;
            this.onCard(this);
            this.tick();
        }
    }

    #paint() {
        if (!this.#bitmap) {
            return;
        }
        const { width, height } = this.#bitmap;
        const size = this.lies ? { width: height, height: width } : { width, height };
        if (this.canvas.width !== size.width || this.canvas.height !== size.height) {
            Object.assign(this.canvas, size);
        }
        this.size = size;
        this.#context.setTransform(1, 0, 0, 1, size.width / 2, size.height / 2);
        this.#context.rotate((this.#turn * Math.PI) / 180);
        this.#context.scale(this.#mirror ? -1 : 1, 1);
        this.#context.drawImage(this.#bitmap, -width / 2, -height / 2);
        this.element.classList.add("shows");
    }

    #count({ stamp, step, octets }, offset) {
        const at = Date.now();
        this.step = step;
        const age = offset === undefined ? undefined : at + offset - stamp;
        this.#painted.push({ at, octets, age });
        while (this.#painted[0].at < at - measured) {
            this.#painted.shift();
        }
    }

    // ---- what is known beside it ----

    // What the server tells of its camera.
    know({ title, fault, nominal_fps: rate }) {
        this.fault = fault?.words ?? "";
        if (title && title !== this.title) {
            this.rename(title);
        }
        if (rate > 0 && !this.#gap) {
            this.#gap = 1000 / rate; // a slow camera does not stand still before its second picture
        }
        this.tick();
    }

    link(state, words = "", retryAt = 0) {
        this.#link = { state, words, retryAt };
        this.tick();
    }

    pause(isPaused) {
        this.#paused = isPaused ? Date.now() : 0;
        this.tick();
    }

    turn(degrees, mirror) {
        this.#turn = degrees;
        this.#mirror = mirror;
        this.#paint();
    }

    // Turned so that its width is its height.
    get lies() {
        return this.#turn % 180 !== 0;
    }

    isOlderThan(milliseconds) {
        return Date.now() - this.#came > milliseconds;
    }

    // Nothing of what was shown is shown any more.
    clear() {
        this.#bitmap?.close();
        this.#bitmap = undefined;
        this.#came = this.#gap = 0;
        this.#card = false;
        this.#painted = [];
        this.element.classList.remove("shows");
        this.#show("opening");
    }

    // ---- how it is ----

    // Called four times a second, and when something happened.
    tick(now = Date.now()) {
        const [how, badge, why = ""] = this.#judge(now);
        this.#show(how, badge, why);
    }

    #judge(now) {
        const seconds = (since) => `${Math.max(0, Math.round((now - since) / 1000))} s`;
        if (this.#paused) {
            return ["paused", `paused ${seconds(this.#paused)}`];
        }
        const { state, words, retryAt } = this.#link;
        if (state === "lost") {
            const wait = Math.max(1, Math.ceil((retryAt - now) / 1000));
            return words
                ? ["gone", "no picture", `${words} Retrying in ${wait} s.`]
                : ["lost", "connection lost", `Connection lost: retrying in ${wait} s`];
        }
        if (this.#card) {
            return this.fault
                ? ["gone", "camera gone", `Camera gone: ${this.fault}`]
                : ["gone", "no picture", "The camera gives no picture yet."];
        }
        const still = now - this.#came;
        if (this.#came && still > Math.max(leastFrozen, 3 * this.#gap)) {
            return ["frozen", `frozen ${seconds(this.#came)}`];
        }
        if (!this.#bitmap || state === "off" || state === "opening") {
            return ["opening", "opening", this.#bitmap ? "" : "Opening ..."];
        }
        return ["live", "live"];
    }

    #show(how, badge = how, why = "") {
        const set = (where, text) => {
            if (where.textContent !== text) {
                where.textContent = text;
            }
        };
        set(this.#how, badge);
        set(this.#words, why);
        if (this.how !== how) {
            this.how = how;
            this.why = why || badge;
            this.element.dataset.how = how;
            this.onHow(this);
        }
    }

    // Frames a second, age in milliseconds, bits a second: of the last two seconds.
    numbers(now = Date.now()) {
        const last = this.#painted.filter(({ at }) => at > now - measured);
        const ages = last.filter(({ age }) => age !== undefined);
        const sum = (list, of) => list.reduce((all, one) => all + of(one), 0);
        return {
            fps: (last.length * 1000) / measured,
            age: ages.length > 0 ? sum(ages, (one) => one.age) / ages.length : undefined,
            bits: (sum(last, (one) => one.octets) * 8000) / measured,
        };
    }

    // In words, with what the server tells.
    figuresNow(viewers) {
        const { fps, age, bits } = this.numbers();
        return [
            `${rounded(fps, fps < 1 ? 2 : 1)} fps`,
            age !== undefined && `${Math.round(age)} ms old`,
            this.#bitmap && `${this.#bitmap.width} × ${this.#bitmap.height}`,
            `${rounded(bits / 1e6, bits < 1e6 ? 2 : 1)} Mbit/s`,
            this.step && this.step !== "1" && `${this.step} of its size, for the link`,
            viewers !== undefined && (viewers === 1 ? "1 viewer" : `${viewers} viewers`),
        ]
            .filter(Boolean)
            .join(" · ");
    }

    showFigures(text) {
        if (text && !this.#figures) {
            this.#figures = element("p", "figures", this.element);
        }
        if (this.#figures) {
            this.#figures.textContent = text;
        }
    }
}
