// Arranging a wall: each tile has buttons that move it, make it larger, or take it away.

const move = (step) => (tiles, place) => {
    const [tile] = tiles.splice(place, 1);
    tiles.splice(Math.max(0, place + step), 0, tile);
};

const buttons = [
    ["before", "◀", move(-1)],
    ["larger or smaller", "⤢", (tiles, place) => (tiles[place].span = 3 - tiles[place].span)],
    ["take away", "✕", (tiles, place) => tiles.length > 1 && tiles.splice(place, 1)],
    ["after", "▶", move(1)],
];

// `tiles()`: [{ name, span }], of which `set` is given a changed list.
export function arrangeTools({ name, title }, tiles, set) {
    const bar = document.createElement("div");
    bar.className = "arrange";
    for (const [words, sign, change] of buttons) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = sign;
        button.title = words;
        button.setAttribute("aria-label", `${title}: ${words}`);
        button.addEventListener("click", () => {
            const all = tiles().map((tile) => ({ ...tile }));
            change(all, all.findIndex((tile) => tile.name === name));
            set(all);
        });
        bar.append(button);
    }
    return bar;
}
