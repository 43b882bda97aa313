// Answers each line of responses on the standard input with what the page makes of it.
const { verdict, walk } = require(process.argv[2])
const instrument = JSON.parse(require("fs").readFileSync(process.argv[3], "utf8"))
const lines = require("readline").createInterface({ input: process.stdin })
lines.on("line", line => {
  const responses = JSON.parse(line)
  const told = process.argv[4] === "placements"
    ? walk(instrument.diagram, instrument.diagram.root, responses).map(end => instrument.diagram.placements[end])
    : verdict(instrument, responses)
  process.stdout.write(JSON.stringify(told) + "\n")
})
