// The door of every npm script: runs on any Node, and only asks whether this one is new enough.
// The rest is imported afterwards, because an old Node cannot even read it.
const major = Number(process.versions.node.split(".")[0]);

if (major < 20) {
  console.error(
    `Nothing was run: Pulseboard needs Node 20 or newer, and this is Node ${process.versions.node}; ` +
      "install a newer one from https://nodejs.org and run the command again.",
  );
  process.exit(1);
}

import("./launch/launch.mjs")
  .then(({ launch }) => launch(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
