// /wall.html: pictures and nothing else, for a screen that nobody touches.
//
//     ?cameras=yard,bed     which, in this order; without it all
//     &names=1              their titles too
//     &fps=5                and any other word of /wall

import { Picture } from "./picture.js";
import { Server } from "./server.js";
import { Wall } from "./wall.js";

const words = new URLSearchParams(location.search);
const chosen = (words.get("cameras") ?? "").split(",").map((name) => name.trim()).filter(Boolean);
document.body.classList.toggle("named", words.get("names") === "1");
words.delete("cameras");
words.delete("names");

const server = new Server(chosen.map((name) => ({ name, title: name })));
const wall = new Wall(document.getElementById("stage"), server, words);
const pictures = new Map();

function pictureOf(name) {
    if (!pictures.has(name)) {
        const picture = new Picture(name, server.cameras.get(name)?.title ?? name);
        picture.onCard = () => server.askFault(name);
        pictures.set(name, picture);
    }
    return pictures.get(name);
}

function show() {
    const names = chosen.length > 0 ? chosen : [...server.cameras.keys()];
    wall.show(names.map((name) => ({ name, span: 1, picture: pictureOf(name) })), 0);
}

const know = ({ detail }) => pictures.get(detail.name)?.know(detail);

server.addEventListener("came", show);
server.addEventListener("gone", show);
server.addEventListener("came", know);
server.addEventListener("camera", know);
server.start();
show();
wall.open();
setInterval(() => pictures.forEach((picture) => picture.tick()), 250);

// Nobody moves the mouse of such a screen, so it would go dark.
async function stayAwake() {
    if (!document.hidden) {
        await navigator.wakeLock?.request("screen").catch(() => {});
    }
}

let lettingGo;
document.addEventListener("visibilitychange", () => {
    clearTimeout(lettingGo);
    if (document.hidden) {
        lettingGo = setTimeout(() => {
            wall.close();
            server.stop();
        }, 3000);
    } else {
        server.start();
        wall.open();
        stayAwake();
    }
});
stayAwake();
