// Takes the body of a multipart answer apart, by the Content-Length of each part.
//
// Every octet is copied once, into the buffer of its own picture. What does not look like a part
// throws; whoever reads opens the stream again then.

const longestHead = 8192;
const longestBody = 64 * 1024 * 1024;
const latin1 = new TextDecoder("latin1");

function fieldsOf(head) {
    const fields = {};
    for (const line of head.split("\r\n")) {
        const colon = line.indexOf(":");
        if (colon > 0) {
            fields[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
        }
    }
    return fields;
}

export class Parts {
    #take; // (fields by their names in small letters, octets)
    #head = "";
    #fields;
    #body; // undefined while a head is read
    #filled = 0;

    constructor(take) {
        this.#take = take;
    }

    push(chunk) {
        while (chunk.length > 0) {
            chunk = this.#body ? this.#fill(chunk) : this.#read(chunk);
        }
    }

    // Both return what is left of the chunk.
    #read(chunk) {
        const before = this.#head.length;
        this.#head += latin1.decode(chunk.subarray(0, 1024));
        const end = this.#head.indexOf("\r\n\r\n", Math.max(0, before - 3));
        if (end < 0) {
            if (this.#head.length > longestHead) {
                throw new Error("a part's head has no end");
            }
            return chunk.subarray(1024);
        }
        this.#fields = fieldsOf(this.#head.slice(0, end));
        this.#head = "";
        const length = Number(this.#fields["content-length"] ?? NaN);
        if (!(length >= 0 && length <= longestBody)) {
            throw new Error("a part does not say how long it is");
        }
        this.#body = new Uint8Array(length);
        this.#filled = 0;
        return this.#fill(chunk.subarray(end + 4 - before));
    }

    #fill(chunk) {
        const now = chunk.subarray(0, this.#body.length - this.#filled);
        this.#body.set(now, this.#filled);
        this.#filled += now.length;
        if (this.#filled === this.#body.length) {
            const body = this.#body;
            this.#body = undefined;
            this.#take(this.#fields, body);
        }
        return chunk.subarray(now.length);
    }
}
