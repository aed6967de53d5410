// Validates each file named as an argument with ajv against the schema that its "$schema" names, and prints TAP.
// A file whose "$schema" is JSON Schema's own must be a schema that ajv compiles. AJV_DIR names a folder with
// node_modules/ajv (version 8).
"use strict";
const fs = require("fs");
const path = require("path");

const Ajv2020 = require(path.join(process.env.AJV_DIR || ".", "node_modules/ajv/dist/2020.js"));
const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));
const validators = new Map();

function validatorOf(file) {
  if (!validators.has(file)) {
    validators.set(file, new Ajv2020.default({ strict: false, unicodeRegExp: true }).compile(read(file)));
  }
  return validators.get(file);
}

// What is wrong with a file; "" when nothing is.
function fault(file) {
  const value = read(file);
  if (typeof value.$schema !== "string") return "it names no $schema";
  if (value.$schema.startsWith("https://json-schema.org/")) {
    validatorOf(path.resolve(file));
    return "";
  }
  const validate = validatorOf(path.resolve(path.dirname(file), value.$schema));
  return validate(value) ? "" : JSON.stringify(validate.errors.slice(0, 3));
}

const files = process.argv.slice(2);
let faults = 0;
console.log(`1..${files.length}`);
files.forEach((file, index) => {
  let found;
  try {
    found = fault(file);
  } catch (error) {
    found = error.message;
  }
  faults += found !== "";
  console.log(`${found === "" ? "ok" : "not ok"} ${index + 1} ${file}${found && ": " + found}`);
});
process.exit(faults === 0 && files.length > 0 ? 0 : 1);
