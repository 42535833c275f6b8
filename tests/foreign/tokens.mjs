// Plays an identity provider: writes its public keys to the file named first, and prints a token of each kind as JSON.
// KEY_NAME names the first of them, ISSUER is who the provider says it is. Its own key it keeps beside them; called again with a number of seconds, it prints
// a token that is good until then.

import { createHmac, createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const [file, lasts] = process.argv.slice(2);
const secret = `${file}.secret`;
const iss = process.env.ISSUER ?? "https://id.example";

if (lasts !== undefined) {
    const privateKey = createPrivateKey(readFileSync(secret));
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const exp = Date.now() / 1000 + Number(lasts);
    const claims = { iss, aud: "aplomb", sub: "agent1", exp };
    const text = `${part({ typ: "JWT", alg: "RS256", kid: "one" })}.${part(claims)}`;
    console.log(`${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`);
    process.exit();
}

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
writeFileSync(secret, rsa.privateKey.export({ format: "pem", type: "pkcs8" }));
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
const name = process.env.KEY_NAME;
const jwk = (pair, more) => ({ ...pair.publicKey.export({ format: "jwk" }), use: "sig", ...more });
const keys = [jwk(rsa, { kid: name, alg: "RS256" }), jwk(ec, { kid: "two" })];
writeFileSync(file, JSON.stringify({ keys }));

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = Math.floor(Date.now() / 1000);
const claims = (more) => ({ iss, aud: "aplomb", sub: "agent1", exp: now + 600, ...more });
const unsigned = (header, payload) => `${part({ typ: "JWT", ...header })}.${part(payload)}`;
const rs256 = (payload, pair = rsa, kid = name) => {
    const text = unsigned({ alg: "RS256", kid }, payload);
    return `${text}.${sign("sha256", Buffer.from(text), pair.privateKey).toString("base64url")}`;
};
const es256 = (payload) => {
    const text = unsigned({ alg: "ES256", kid: "two" }, payload);
    const signature = sign("sha256", Buffer.from(text), { key: ec.privateKey, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
};
const hmac = (payload) => {
    const text = unsigned({ alg: "HS256", kid: name }, payload);
    const key = rsa.publicKey.export({ format: "pem", type: "spki" });
    return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
};
console.log(
    JSON.stringify({
        // real ones are long
        good: rs256(claims({ groups: "x".repeat(3_000) })),
        curve: es256(claims({ sub: "1001001" })),
        many: rs256(claims({ aud: ["desk", "aplomb"] })),
        expired: rs256(claims({ exp: now - 600 })),
        early: rs256(claims({ nbf: now + 600 })),
        endless: rs256(claims({ exp: undefined })),
        issuer: rs256(claims({ iss: "https://other.example" })),
        audience: rs256(claims({ aud: "other" })),
        nobody: rs256(claims({ sub: "nobody" })),
        nameless: rs256(claims({ sub: undefined })),
        forged: rs256(claims(), other),
        confused: hmac(claims()),
        none: `${unsigned({ alg: "none" }, claims())}.`,
    }),
);
