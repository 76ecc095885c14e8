package knowledge

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A frontMatter is what stands between the "---" lines at the head of an article.
type frontMatter struct {
	ID         string                   `yaml:"id"`
	Title      string                   `yaml:"title"`
	Language   string                   `yaml:"language"`
	Source     sourceMatter             `yaml:"source"`
	Reviewed   string                   `yaml:"reviewed"`
	ReviewBy   string                   `yaml:"review_by"`
	Aliases    []string                 `yaml:"aliases"`
	Withdrawn  yaml.Node                `yaml:"withdrawn"`
	NotCovered []string                 `yaml:"not_covered"`
	Sections   map[string]sectionMatter `yaml:"sections"`

	text []byte     // the YAML itself, which starts at line 2 of the file
	root *yaml.Node // made of text when a line is first asked for
	body int        // offset of the Markdown in the file
	skip int        // lines of the file before the Markdown
}

type sourceMatter struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
}

type sectionMatter struct {
	Ask       []string  `yaml:"ask"`
	Aliases   []string  `yaml:"aliases"`
	Withdrawn yaml.Node `yaml:"withdrawn"`
}

// readFrontMatter reads the head of an article. On mistakes that leave the rest in doubt it returns false.
func readFrontMatter(src []byte, r *reporter) (*frontMatter, bool) {
	f := &frontMatter{}
	if !f.find(src, r) {
		return nil, false
	}
	err := yaml.Load(f.text, f, yaml.WithKnownFields(true), yaml.WithUniqueKeys(true))
	if emptyEntry.Match(f.text) {
		f.reportEmpty(f.tree(), r)
	}
	if err == nil {
		return f, true
	}
	before := len(r.errs)
	f.report(err, r)
	if twice := r.errs[before:]; len(twice) > 0 && strings.HasPrefix(twice[0].Msg, "the key") {
		// A key that stands twice hides the other mistakes.
		*f = frontMatter{text: f.text, body: f.body, skip: f.skip}
		f.report(yaml.Load(f.text, f, yaml.WithKnownFields(true), yaml.WithUniqueKeys(false)), r)
	}
	return f, !f.broken(err)
}

// emptyEntry finds where a list may have an entry without a value, which the YAML package passes over.
var emptyEntry = regexp.MustCompile(`(?m)-[ \t]*(#.*)?$|~|(?i:null)`)

func (f *frontMatter) reportEmpty(n *yaml.Node, r *reporter) {
	for _, c := range n.Content {
		if n.Kind == yaml.SequenceNode && c.ShortTag() == "!!null" {
			r.add(f.lineOf(c.Line), "write something or delete the entry", "the list has an empty entry")
		}
		f.reportEmpty(c, r)
	}
}

// find sets where the YAML and the Markdown are in src.
func (f *frontMatter) find(src []byte, r *reporter) bool {
	rest := bytes.TrimPrefix(src, []byte("\ufeff"))
	first, after, _ := bytes.Cut(rest, []byte("\n"))
	if string(bytes.TrimRight(first, " \t\r")) != "---" {
		r.add(1, "start the file with a line ---, then id, title, source and reviewed, then a line ---", "the file has no front matter")
		return false
	}
	f.skip = 1
	for at := after; len(at) > 0; {
		line, next, _ := bytes.Cut(at, []byte("\n"))
		f.skip++
		if string(bytes.TrimRight(line, " \t\r")) == "---" {
			f.text = bytes.ReplaceAll(after[:len(after)-len(at)], []byte("\r\n"), []byte("\n"))
			f.body = len(src) - len(next)
			return true
		}
		at = next
	}
	r.add(1, "put a line --- after the last key", "the front matter does not end")
	return false
}

// broken reports whether err is more than single fields that do not fit.
func (f *frontMatter) broken(err error) bool {
	var all *yaml.LoadErrors
	return !errors.As(err, &all) || f.tree() == nil || f.tree().Kind != yaml.MappingNode
}

// report adds what the YAML package found.
func (f *frontMatter) report(err error, r *reporter) {
	var all *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &all):
		for _, e := range all.Errors {
			f.reportOne(e, r)
		}
	case errors.As(err, &one):
		f.reportOne(one, r)
	case err != nil:
		r.add(1, "look at the keys between the --- lines", "the front matter cannot be read: %v", err)
	}
}

func (f *frontMatter) reportOne(e *yaml.LoadError, r *reporter) {
	line := f.lineOf(e.Mark.Line)
	if m := unknownKey.FindStringSubmatch(e.Message); m != nil {
		r.add(line, suggestKey(m[1], m[2]), "unknown key %q", m[1])
		return
	}
	if m := doubleKey.FindStringSubmatch(e.Message); m != nil {
		first, _ := strconv.Atoi(m[2])
		r.add(line, "keep one of them", "the key %q stands in line %d already", m[1], first+1)
		return
	}
	if m := wrongType.FindStringSubmatch(e.Message); m != nil {
		r.add(line, "write "+shapeOf(m[2])+" here", "the value is %s", shapeOf(m[1]))
		return
	}
	switch {
	case strings.Contains(e.Message, "no documents"):
		r.add(1, "add id, title, source and reviewed", "the front matter is empty")
	case strings.Contains(e.Message, "mapping values are not allowed"):
		r.add(line, "put the value in quotation marks, or check the indentation", "there is a colon in a value, or a key is indented wrongly")
	default:
		r.add(line, "check quotation marks, colons and indentation", "the front matter is no YAML: %s", strings.TrimPrefix(e.Message, "yaml: "))
	}
}

// The YAML package's own words for the mistakes that people make most.
var (
	unknownKey = regexp.MustCompile(`field (.+) not found in type \S*?(\w+)$`)
	doubleKey  = regexp.MustCompile(`mapping key "(.*)" already defined at line (\d+)`)
	wrongType  = regexp.MustCompile(`(?s)cannot construct !!(\w+).* into (\S+)`)
)

// shapeOf names a YAML tag or a Go type for people.
func shapeOf(s string) string {
	switch {
	case s == "seq" || strings.HasPrefix(s, "[]"):
		return "a list"
	case s == "map" || strings.HasPrefix(s, "map[") || strings.HasPrefix(s, "knowledge."):
		return "a group of keys"
	}
	return "a single text"
}

// suggestKey returns the fix for an unknown key of the given Go type.
func suggestKey(key, in string) string {
	known := []string{"id", "title", "language", "source", "reviewed", "review_by", "aliases", "withdrawn", "not_covered", "sections"}
	switch in {
	case "sourceMatter":
		known = []string{"title", "url"}
	case "sectionMatter":
		known = []string{"ask", "aliases", "withdrawn"}
	}
	if near := nearest(key, known); near != "" {
		return "write " + near + ", or delete it"
	}
	return "use one of " + strings.Join(known, ", ")
}

// tree returns the YAML as nodes, or nil when it cannot be read.
func (f *frontMatter) tree() *yaml.Node {
	if f.root == nil {
		f.root = &yaml.Node{}
		if err := yaml.Load(f.text, f.root, yaml.WithUniqueKeys(false)); err != nil {
			f.root = &yaml.Node{}
		}
		if f.root.Kind == yaml.DocumentNode && len(f.root.Content) > 0 {
			f.root = f.root.Content[0]
		}
	}
	return f.root
}

// line returns the line of the file that holds the key or list entry at the end of path, or of the last part that exists.
func (f *frontMatter) line(path ...string) int {
	n, line := f.tree(), 1
	for _, part := range path {
		next := (*yaml.Node)(nil)
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == part {
					line, next = f.lineOf(n.Content[i].Line), n.Content[i+1]
					break
				}
			}
		case yaml.SequenceNode:
			if i, err := strconv.Atoi(part); err == nil && i < len(n.Content) {
				next = n.Content[i]
				line = f.lineOf(next.Line)
			}
		}
		if next == nil {
			break
		}
		n = next
	}
	return line
}

// lineOf turns a line of the YAML into one of the file. YAML counts more characters as line ends than editors do.
func (f *frontMatter) lineOf(yamlLine int) int { return min(max(yamlLine, 1)+1, f.skip) }

// step returns the path step of a list's i-th entry.
func step(i int) string { return strconv.Itoa(i) }
