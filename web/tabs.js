// The tabs of the cameras in the upper bar, and the links beside them that follow the camera shown.

import { pathOf } from "./server.js";

const list = document.getElementById("cameras");

const pageOf = (name) => `./?camera=${encodeURIComponent(name)}`;
const tabs = () => [...list.querySelectorAll("a[data-name]")];

// As the page came with: [{ name, title }].
export const camerasOfPage = () =>
    tabs().map((link) => ({ name: link.dataset.name, title: link.textContent }));

export function addTab(name, title) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.textContent = title;
    link.href = pageOf(name);
    link.dataset.name = name;
    item.append(link);
    list.append(item);
}

export function removeTab(name) {
    tabs().find((link) => link.dataset.name === name)?.parentElement.remove();
}

// `show(name)` is called by a click; without a name for all. With a modifier the browser opens a tab
// of its own, which shows the same page of that camera.
export function listenToTabs(show) {
    for (const link of tabs()) {
        link.href = pageOf(link.dataset.name);
    }
    list.addEventListener("click", (event) => {
        const link = event.target.closest("a");
        if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
            event.preventDefault();
            show(link.dataset.name);
        }
    });
}

export function followTabs({ camera, wall }) {
    for (const link of list.querySelectorAll("a")) {
        if (wall ? "wall" in link.dataset : link.dataset.name === camera) {
            link.setAttribute("aria-current", "true");
            list.scrollTo({ left: link.offsetLeft - (list.clientWidth - link.offsetWidth) / 2 });
        } else {
            link.removeAttribute("aria-current");
        }
    }
    document.getElementById("manual").href = `./manual?camera=${encodeURIComponent(camera)}`;
    document.getElementById("log").href = pathOf(camera, "frames");
    document.body.classList.toggle("walled", wall);
}
