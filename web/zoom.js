// Zoom and pan of one picture: wheel, pinch, drag, double click, and by the keys. The scale and
// the place are kept as a transform of the element, in which nothing is asked for anew.

const most = 16;

export class Zoom {
    isOn = false; // a tile of a wall is not zoomed
    #element;
    #frame; // what is seen through
    #scale = 1;
    #x = 0; // pixels of the shift, from the middle
    #y = 0;
    #fingers = new Map();

    constructor(element, frame) {
        this.#element = element;
        this.#frame = frame;
        const on = (name, take) =>
            frame.addEventListener(name, (event) => this.isOn && take(event), { passive: false });
        on("wheel", (event) => {
            event.preventDefault();
            const step = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
            this.by(Math.exp(-Math.max(-200, Math.min(200, step)) / 300), event);
        });
        on("dblclick", (event) => (this.isIn ? this.reset() : this.by(2.5, event)));
        on("pointerdown", (event) => this.#down(event));
        on("pointermove", (event) => this.#move(event));
        for (const end of ["pointerup", "pointercancel"]) {
            on(end, (event) => this.#fingers.delete(event.pointerId));
        }
    }

    get isIn() {
        return this.#scale > 1;
    }

    reset() {
        this.#scale = 1;
        this.#x = this.#y = 0;
        this.#lay();
    }

    // Around a point of the screen, which stays where it is; else around the middle.
    by(factor, point) {
        const box = this.#frame.getBoundingClientRect();
        const fromX = point ? point.clientX - box.left - box.width / 2 : 0;
        const fromY = point ? point.clientY - box.top - box.height / 2 : 0;
        const scale = Math.max(1, Math.min(most, this.#scale * factor));
        const change = scale / this.#scale;
        this.#x = fromX - (fromX - this.#x) * change;
        this.#y = fromY - (fromY - this.#y) * change;
        this.#scale = scale;
        this.#lay();
    }

    pan(x, y) {
        this.#x += x;
        this.#y += y;
        this.#lay();
    }

    #lay() {
        const { width, height } = this.#frame.getBoundingClientRect();
        const far = (size) => (size * (this.#scale - 1)) / 2;
        this.#x = Math.max(-far(width), Math.min(far(width), this.#x));
        this.#y = Math.max(-far(height), Math.min(far(height), this.#y));
        const style = this.#element.style;
        style.transform = this.isIn
            ? `translate(${this.#x}px, ${this.#y}px) scale(${this.#scale})` : "";
        this.#frame.classList.toggle("zoomed", this.isIn);
    }

    #down(event) {
        this.#fingers.set(event.pointerId, event);
        if (this.isIn || this.#fingers.size > 1) {
            this.#frame.setPointerCapture(event.pointerId);
        }
    }

    #move(event) {
        const before = this.#fingers.get(event.pointerId);
        if (!before) {
            return;
        }
        const other = [...this.#fingers.values()].find((one) => one.pointerId !== event.pointerId);
        if (other) {
            const apart = (one) =>
                Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
            this.by(apart(event) / apart(before), {
                clientX: (event.clientX + other.clientX) / 2,
                clientY: (event.clientY + other.clientY) / 2,
            });
        } else if (this.isIn) {
            this.pan(event.clientX - before.clientX, event.clientY - before.clientY);
        }
        this.#fingers.set(event.pointerId, event);
    }
}
