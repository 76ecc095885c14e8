package knowledge

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"docent/internal/markup"
)

// buildArticle makes an article of a file whose front matter was read.
func buildArticle(src []byte, f *frontMatter, r *reporter) *Article {
	a := &Article{
		ID:         strings.TrimSpace(f.ID),
		Title:      oneLine(f.Title),
		Language:   strings.TrimSpace(f.Language),
		Source:     Source{Title: oneLine(f.Source.Title), URL: strings.TrimSpace(f.Source.URL)},
		Aliases:    trimmed(f.Aliases),
		NotCovered: trimmed(f.NotCovered),
		File:       r.file,
	}
	if a.Language == "" {
		a.Language = "en"
	}
	checkHead(a, f, r)
	a.Withdrawn = f.withdrawn(&f.Withdrawn, r, "withdrawn")
	for _, c := range sectionChunks(src, f, r) {
		a.Sections = append(a.Sections, buildSection(a, c, f, r))
	}
	checkSections(a, f, r)
	return a
}

// sectionChunks cuts the Markdown at its headings and reports what stands outside of sections.
func sectionChunks(src []byte, f *frontMatter, r *reporter) []markup.Chunk {
	var out []markup.Chunk
	for i, c := range markup.ParseSections(src[f.body:]) {
		c.Line += f.skip
		c.EndLine += f.skip
		switch {
		case c.Level == 0:
			r.add(c.Line, "put a heading such as ## Overview above it", "text stands before the first heading")
		case c.Level == 1 && i > 0:
			r.add(c.Line, "write the heading with ##", "a section's heading has one #")
			out = append(out, c)
		case c.Level == 1:
			if len(c.Body) > 0 {
				r.add(c.Line, "put a heading such as ## Overview between them", "text stands right below the title")
			}
		default:
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		r.add(f.skip, "add a heading such as ## Overview and text below it", "the article has no section")
	}
	return out
}

func buildSection(a *Article, c markup.Chunk, f *frontMatter, r *reporter) *Section {
	m := f.Sections[c.ID]
	s := &Section{
		Ref:     Ref{Article: a.ID, Section: c.ID},
		Article: a,
		Heading: oneLine(c.Heading),
		Body:    c.Body,
		Text:    c.Body.Plain(),
		Aliases: trimmed(m.Aliases),
		Ask:     trimmed(m.Ask),
		Line:    c.Line,
		EndLine: c.EndLine,
	}
	s.Version = sectionVersion(s)
	s.Withdrawn = f.withdrawn(&m.Withdrawn, r, "sections", c.ID, "withdrawn")
	return s
}

// sectionVersion returns 6 characters that change with the heading and the text.
func sectionVersion(s *Section) string {
	h := sha256.Sum256([]byte(s.Heading + "\x00" + s.Text))
	return base64.RawURLEncoding.EncodeToString(h[:])[:6]
}

// oneLine returns s with every run of white space as one space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// trimmed returns the entries of list in one line each, at the same places.
func trimmed(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, oneLine(s))
	}
	return out
}
