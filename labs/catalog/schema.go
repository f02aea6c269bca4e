package catalog

import _ "embed" // for the schema

//go:embed lab.schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of lab.yaml, for editors. What it
// cannot say (whether an expression compiles, a file is there) only Load checks.
func Schema() []byte { return schema }
