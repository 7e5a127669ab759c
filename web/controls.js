// The camera's controls in the panel: sliders, menus, switches, buttons. They work while they are
// moved, one request at a time with the newest values; what another page changes moves here too, by
// events. A value that is refused says why, and goes back.

import { apiOf, json } from "./server.js";

const isNumber = (control) => control.type === "integer" || control.type === "real";

function make(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (key in made) {
            made[key] = value;
        } else {
            made.setAttribute(key, value);
        }
    }
    made.append(...children);
    return made;
}

// The element with which a control is set; `set(value)` is called with what is wished.
function inputOf(control, id, set) {
    if (control.type === "button") {
        return make("button", { id, type: "button", onclick: () => set(true) }, control.name);
    }
    if (control.type === "boolean") {
        const input = make("input", { id, type: "checkbox", role: "switch" });
        input.onchange = () => set(input.checked);
        return input;
    }
    if (control.type === "menu") {
        const options = (control.menu ?? []).map(({ value, name }) =>
            make("option", { value: String(value) }, name));
        const select = make("select", { id }, ...options);
        select.onchange = () => set(Number(select.value));
        return select;
    }
    if (isNumber(control)) {
        const { minimum, maximum } = control;
        const step = control.step || (control.type === "real" ? "any" : 1);
        const input = make("input", { id, type: "range", min: minimum, max: maximum, step });
        input.oninput = () => set(Number(input.value));
        return input;
    }
    const input = make("input", { id, type: "text", maxLength: 256 });
    input.onchange = () => set(input.value);
    return input;
}

class Row {
    element = make("div", { className: "control" });
    control;
    #input;
    #value = make("output");
    #reset;
    #refusal = make("p", { className: "refusal", role: "alert" });
    #wished = false; // until the server has answered
    #refusedAt; // the value that it had then

    constructor(control, set) {
        const id = `control-${control.id}`;
        const wish = (value) => {
            this.#wished = true;
            this.refuse("");
            if (isNumber(this.control)) {
                this.#value.textContent = value;
            }
            set(this, value);
        };
        this.#input = inputOf(control, id, wish);
        this.#reset = make("button", {
            type: "button", className: "reset", title: "Back to the default",
            ariaLabel: `${control.name}: back to the default`, onclick: () => wish(null),
        }, "↺");
        if (control.type === "button") {
            this.element.append(this.#input);
        } else {
            this.element.append(make("label", { htmlFor: id }, control.name), this.#value,
                this.#reset, this.#input);
        }
        this.element.append(this.#refusal);
        this.element.classList.add(control.type);
        this.show(control);
    }

    // As the server says it is.
    show(control) {
        this.control = control;
        if (this.#refusal.textContent && control.value !== this.#refusedAt) {
            this.refuse(""); // it was taken after all, or somebody else set it
        }
        const off = Boolean(control.read_only || control.inactive);
        this.#input.disabled = off;
        this.#reset.disabled = off;
        this.#reset.hidden = control.default === undefined || control.value === control.default;
        if (this.#wished) {
            return; // the hand that moves it is newer
        }
        if (control.type === "boolean") {
            this.#input.checked = Boolean(control.value);
        } else if (control.type !== "text" || document.activeElement !== this.#input) {
            this.#input.value = String(control.value ?? "");
        }
        this.#value.textContent = isNumber(control) ? control.value : "";
    }

    settled() {
        this.#wished = false;
    }

    refuse(why) {
        this.#refusedAt = this.control?.value;
        this.#refusal.textContent = why;
    }
}

export class Controls {
    #place;
    #server;
    #name;
    #rows = new Map();
    #wishes = new Map(); // of the controls: what is not sent yet
    #sending = false;
    #words = make("p", { className: "quiet", role: "status" }, "Asking the camera ...");
    #list = make("div");
    #all = make("button", { type: "button", className: "wide" }, "All to their defaults");
    #onControls = ({ detail }) => detail.camera === this.#name && this.#show(detail.controls);
    #retry;

    constructor(place, server, name) {
        this.#place = place;
        this.#server = server;
        this.#name = name;
        this.#all.hidden = true;
        this.#all.onclick = () => {
            for (const row of this.#rows.values()) {
                const { type, read_only, inactive } = row.control;
                if (type !== "button" && !read_only && !inactive) {
                    this.#wish(row, null);
                }
            }
        };
        place.replaceChildren(this.#words, this.#list, this.#all);
        server.addEventListener("controls", this.#onControls);
        this.#load();
    }

    close() {
        clearTimeout(this.#retry);
        this.#server.removeEventListener("controls", this.#onControls);
        this.#place.replaceChildren();
    }

    async #load() {
        const { ok, body } = await json(apiOf(this.#name, "controls"))
            .catch(() => ({}));
        if (ok) {
            this.#show(body.controls ?? []);
        } else {
            this.#words.textContent = body?.detail ?? "The server does not answer.";
            this.#retry = setTimeout(() => this.#load(), 2000);
        }
    }

    #show(controls) {
        const known = controls.map(({ id }) => id).join(" ");
        if (known !== [...this.#rows.keys()].join(" ")) {
            this.#rows = new Map(controls.map((control) =>
                [control.id, new Row(control, (row, value) => this.#wish(row, value))]));
            this.#list.replaceChildren(...[...this.#rows.values()].map((row) => row.element));
        }
        controls.forEach((control) => this.#rows.get(control.id).show(control));
        this.#all.hidden = controls.length === 0;
        this.#words.textContent = controls.length > 0 ? "" : "This camera has no controls.";
    }

    #wish(row, value) {
        this.#wishes.set(row.control.id, value);
        this.#send();
    }

    async #send() {
        if (this.#sending || this.#wishes.size === 0) {
            return;
        }
        this.#sending = true;
        const wishes = Object.fromEntries(this.#wishes);
        this.#wishes.clear();
        const { ok, body } = await json(apiOf(this.#name, "controls"), {
            method: "PATCH",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(wishes),
        }).catch(() => ({ body: { detail: "The server does not answer." } }));
        this.#sending = false;
        for (const id of Object.keys(wishes)) {
            if (!this.#wishes.has(id)) {
                this.#rows.get(id)?.settled();
            }
        }
        this.#words.textContent = "";
        if (ok) {
            this.#show(body.controls ?? []);
            (body.unmet ?? []).forEach(({ id, why }) => this.#rows.get(id)?.refuse(why));
        } else {
            this.#refused(body ?? {}, wishes);
        }
        this.#send();
    }

    // One that is refused keeps the others that went with it from being taken: they are sent again.
    #refused({ detail, refused = [] }, wishes) {
        for (const { id, why } of refused) {
            this.#rows.get(id)?.refuse(why);
            delete wishes[id];
        }
        if (refused.length === 0) {
            this.#words.textContent = detail ?? "The camera did not take it.";
        } else {
            this.#wishes = new Map([...Object.entries(wishes), ...this.#wishes]);
        }
        this.#rows.forEach((row) => row.show(row.control));
    }
}
