package knowledge

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"docent/internal/markup"

	"go.yaml.in/yaml/v4"
)

// maxTitle is the greatest length of a title or heading in runes: platforms cut longer ones.
const maxTitle = 200

// language is the shape of a BCP 47 tag.
var language = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// validID reports whether id is 1 to 48 of [a-z0-9-].
func validID(id string) bool {
	return id != "" && len(id) <= 48 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// checkHead reports what is wrong with the front matter's values, without its sections, and sets the dates.
func checkHead(a *Article, f *frontMatter, r *reporter) {
	const needID = "write 1 to 48 of a-z, 0-9 and -"
	switch {
	case a.ID == "":
		r.add(f.line("id"), "add a line id: with a short name, such as id: "+exampleID(a.Title), "the article has no id")
	case !validID(a.ID):
		r.add(f.line("id"), needID, "the id %q has other characters or is too long", a.ID)
	}
	checkTitle(a.Title, "title", f.line("title"), r)
	if !language.MatchString(a.Language) {
		r.add(f.line("language"), "write a code such as en or pt-BR", "%q is no language code", a.Language)
	}
	if a.Source.Title == "" {
		r.add(f.line("source", "title"), "add source: with title: (and url:) of where the facts come from", "the article has no source")
	}
	if a.Source.URL != "" && !webAddress(a.Source.URL) {
		r.add(f.line("source", "url"), "write a whole address that starts with https:// or http://", "%q is no web address", a.Source.URL)
	}
	checkDates(a, f, r)
	checkList(f.Aliases, f, r, "aliases")
	checkList(f.NotCovered, f, r, "not_covered")
}

func exampleID(title string) string {
	if id := markup.Slug(title); id != "" {
		return id
	}
	return "my-article"
}

func checkTitle(s, what string, line int, r *reporter) {
	if s == "" {
		r.add(line, "add one", "the %s is missing", what)
	} else if n := utf8.RuneCountInString(s); n > maxTitle {
		r.add(line, fmt.Sprintf("shorten it to at most %d", maxTitle), "the %s has %d characters", what, n)
	}
}

// webAddress reports whether raw is a whole http or https address.
func webAddress(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && !strings.ContainsAny(raw, " \t\n")
}

func checkDates(a *Article, f *frontMatter, r *reporter) {
	if strings.TrimSpace(f.Reviewed) == "" {
		r.add(f.line("reviewed"), "add a line reviewed: with the day of the last check, such as 2026-01-31", "the day of the review is missing")
	} else {
		a.Reviewed = f.date(f.Reviewed, "reviewed", r)
	}
	if strings.TrimSpace(f.ReviewBy) == "" {
		return
	}
	a.ReviewBy = f.date(f.ReviewBy, "review_by", r)
	if !a.ReviewBy.IsZero() && a.ReviewBy.Before(a.Reviewed) {
		r.add(f.line("review_by"), "write a later day, or correct reviewed", "review_by is before reviewed")
	}
}

func (f *frontMatter) date(value, key string, r *reporter) time.Time {
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(value))
	if err != nil {
		r.add(f.line(key), "write year-month-day, such as 2026-01-31", "%s: %q is no date", key, value)
		return time.Time{}
	}
	return day
}

// withdrawn returns the reason in n. A key without a reason is a mistake: whoever wrote it wants the text gone.
func (f *frontMatter) withdrawn(n *yaml.Node, r *reporter, path ...string) string {
	if n.Kind == 0 {
		return ""
	}
	value := oneLine(n.Value)
	if n.Kind != yaml.ScalarNode || value == "" || n.Tag == "!!bool" || n.Tag == "!!null" {
		r.add(f.line(path...), "write the reason, such as withdrawn: out of date since May", "withdrawn has no reason")
		return "withdrawn"
	}
	return value
}

// checkSections reports what is wrong with the sections and with their front matter.
func checkSections(a *Article, f *frontMatter, r *reporter) {
	seen := map[string]int{}
	var ids []string
	for _, s := range a.Sections {
		checkTitle(s.Heading, "heading", s.Line, r)
		id := s.Ref.Section
		switch first, taken := seen[id]; {
		case s.Heading == "" && id == "":
		case !validID(id):
			r.add(s.Line, "end the heading with {#short-name}, 1 to 48 of a-z, 0-9 and -", "the section's id %q cannot be used", id)
		case taken:
			r.add(s.Line, "end one heading with another {#id}", "the section in line %d has the id %q too", first, id)
		default:
			seen[id] = s.Line
			ids = append(ids, id)
		}
		if !hasText(s.Body) {
			r.add(s.Line, "write text below the heading, or delete it", "the section is empty")
		}
	}
	for id := range f.Sections {
		if _, ok := seen[id]; !ok {
			r.add(f.line("sections", id), suggestSection(id, ids), "sections: there is no section %q", id)
			continue
		}
		checkList(f.Sections[id].Ask, f, r, "sections", id, "ask")
		checkList(f.Sections[id].Aliases, f, r, "sections", id, "aliases")
	}
}

func hasText(d markup.Doc) bool {
	for _, b := range d {
		if b.Kind != markup.Heading {
			return true
		}
	}
	return false
}

func suggestSection(id string, ids []string) string {
	if near := nearest(id, ids); near != "" {
		return "write " + near + ", or delete it"
	}
	if len(ids) == 0 {
		return "delete it"
	}
	return "use one of " + strings.Join(ids[:min(len(ids), 10)], ", ")
}

// checkList reports empty entries.
func checkList(list []string, f *frontMatter, r *reporter, path ...string) {
	for i, s := range list {
		if strings.TrimSpace(s) == "" {
			r.add(f.line(append(path[:len(path):len(path)], step(i))...), "write something or delete the entry", "%s: entry %d is empty", path[len(path)-1], i+1)
		}
	}
}

// nearest returns the entry of list that s was probably meant to be, or "".
func nearest(s string, list []string) string {
	best, least := "", 0
	for _, t := range list {
		if d := distance(s, t); d <= max(len(t)/3, min(len(t)/2, 2)) && (best == "" || d < least) {
			best, least = t, d
		}
	}
	return best
}

// distance counts the bytes to insert, delete or replace that turn a into b. Long input is cut.
func distance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := left
			if a[i] != b[j] {
				change++
			}
			left = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
