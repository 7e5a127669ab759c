// Validates the OpenAPI description that comes in by standard input: against the schema of its
// version, with all its references. What is wrong goes to standard error, with exit status 1.
'use strict';
const parser = require('@apidevtools/swagger-parser');

async function main() {
  let text = '';
  for await (const piece of process.stdin)
    text += piece;
  const description = await parser.validate(JSON.parse(text));
  console.log(`OpenAPI ${description.openapi}, ${Object.keys(description.paths).length} paths`);
}

main().catch(error => {
  console.error(error.message);
  process.exit(1);
});
