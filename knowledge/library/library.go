// Package library holds the articles that ship with the program. Each restates the facts of its source in plain words;
// the example questions in the front matter are there to find its sections.
package library

import (
	"embed"
	"io/fs"
)

//go:embed *.md
var articles embed.FS

// FS returns the folder of articles.
func FS() fs.FS { return articles }
