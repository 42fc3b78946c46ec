// Answers for flagd's JavaScript core, by the protocol of oracle.py.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const { FlagdCore, MemoryStorage } = require("@openfeature/flagd-core");

const silent = { error() {}, warn() {}, info() {}, debug() {} };
const reads = {
  boolean: ["resolveBooleanEvaluation", false],
  string: ["resolveStringEvaluation", ""],
  integer: ["resolveNumberEvaluation", 0],
  float: ["resolveNumberEvaluation", 0],
  object: ["resolveObjectEvaluation", {}],
};

for await (const line of createInterface({ input: process.stdin })) {
  const { document, evaluations, strict } = JSON.parse(line);
  const storage = new MemoryStorage(silent);
  storage.setConfigurations(JSON.stringify(document), strict ?? false);
  const core = new FlagdCore(storage, silent);
  const answers = evaluations.map(([key, kind, context, now]) => {
    Date.now = () => now * 1000;
    const [method, otherwise] = reads[kind];
    const found = core[method](key, otherwise, context, silent);
    const served = found.variant !== undefined && found.errorCode === undefined;
    return [served ? found.variant : null, served ? found.value : null, found.errorCode ?? null];
  });
  process.stdout.write(JSON.stringify(answers) + "\n");
}
