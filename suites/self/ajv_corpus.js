// Holds the corpus of schemas against ajv, and prints TAP. AJV_DIR names a folder with node_modules/ajv (version 8).
"use strict";
const fs = require("fs");
const path = require("path");

const Ajv2020 = require(path.join(process.env.AJV_DIR || ".", "node_modules/ajv/dist/2020.js"));
const corpus = JSON.parse(fs.readFileSync(path.join(__dirname, "data/schema_corpus.json"), "utf8"));
const rows = corpus.flatMap(({ schema, tests }) => tests.map((test) => ({ schema, ...test })));

let differences = 0;
console.log(`1..${rows.length}`);
rows.forEach(({ schema, data, valid }, index) => {
  const ajv = new Ajv2020.default({ strict: false, unicodeRegExp: true });
  const found = ajv.validate(schema, data);
  differences += found !== valid;
  console.log(`${found === valid ? "ok" : "not ok"} ${index + 1} ${JSON.stringify(schema)} ${JSON.stringify(data)}`);
});
process.exit(differences === 0 && rows.length > 0 ? 0 : 1);
