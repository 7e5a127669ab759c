// The manual with a script: the addresses of this host in the lines to copy, those of one camera
// where ?camera= names one, copying by click, and what is being made of the camera's pictures.

import { base, makeCopyable } from "./lines.js";

const stateInterval = 3000; // milliseconds

document.documentElement.classList.add("scripted");

const camera = new URLSearchParams(location.search).get("camera");
const own = camera ? `/cameras/${encodeURIComponent(camera)}` : "";

for (const place of document.querySelectorAll(".base")) {
    place.textContent = base;
    const rest = place.nextSibling;
    if (own && rest) {
        rest.textContent = rest.textContent.replace(/^\/(\?action=)?/, `${own}/`);
    }
}
document.querySelectorAll(".copy").forEach(makeCopyable);

if (own) {
    document.getElementById("of").textContent = `, for the camera ${camera}`;
    document.getElementById("back").href = `./?camera=${encodeURIComponent(camera)}`;
    document.getElementById("log").href = `.${own}/frames`;
    for (const link of document.querySelectorAll('a[href^="./stream?"]')) {
        link.href = `.${own}/${link.getAttribute("href").slice(2)}`;
    }
}

// ---- what is being made of the camera's pictures ----

const made = document.getElementById("made");
const madeList = document.getElementById("made-list");
const madeRows = madeList.tBodies[0];

function describeVariant({ viewers, resolution, sent_fps, encode_ms, recipe }) {
    return [
        viewers === 1 ? "1 viewer" : `${viewers} viewers`,
        resolution.width > 0 && `${resolution.width} × ${resolution.height}`,
        sent_fps > 0 && `${Math.round(sent_fps * 10) / 10} fps`,
        recipe && encode_ms > 0 && `${Math.round(encode_ms * 10) / 10} ms a picture`,
    ]
        .filter(Boolean)
        .join(" · ");
}

function rowOf(variant) {
    const link = document.createElement("a");
    link.href = `.${own}/stream?${variant.query}`;
    const code = document.createElement("code");
    code.textContent = variant.query;
    link.append(code);
    const row = document.createElement("tr");
    row.insertCell().append(link);
    row.insertCell().textContent = describeVariant(variant);
    return row;
}

function showMade({ camera: name, variants }) {
    made.textContent =
        variants.length === 0
            ? `None of these is being made of camera ${name} now.`
            : `What is being made of camera ${name} now:`;
    madeList.hidden = variants.length === 0;
    // A link that has the focus, or is being clicked, is not taken away for nothing.
    const rows = variants.map(rowOf);
    const isSame = (row, index) => row.isEqualNode(madeRows.rows[index]);
    if (rows.length !== madeRows.rows.length || !rows.every(isSame)) {
        madeRows.replaceChildren(...rows);
    }
}

async function update() {
    if (document.hidden) {
        return; // nobody reads it
    }
    try {
        const limit = AbortSignal.timeout(stateInterval);
        const answer = await fetch(`.${own}/state`, { cache: "no-store", signal: limit });
        showMade((await answer.json()).result.onlooker);
    } catch {
        // The words that are there stay.
    }
}

update();
setInterval(update, stateInterval);
