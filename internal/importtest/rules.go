package importtest

import (
	"fmt"
	"slices"
	"strings"
)

// module is the path before every package of the program.
const module = "docent/"

// A Rule says what the packages of one folder may import.
type Rule struct {
	Dir   string   // the folder
	May   []string // folders of the program; "..." stands for all of them
	Tests []string // what its tests may import besides
}

// Rules returns the import table. A package that no rule names may not exist.
func Rules() []Rule {
	bot := []string{"bot", "bot/phrases", "knowledge", "internal/markup"}
	return []Rule{
		{Dir: "internal/markup"},
		{Dir: "knowledge/packed"},
		{Dir: "knowledge/text", May: []string{"knowledge/packed"}},
		{Dir: "knowledge/encoder"},
		{Dir: "knowledge/encoder/convert", May: []string{"knowledge/encoder"}},
		{Dir: "knowledge/text/mkwords"},
		{Dir: "knowledge/library", Tests: []string{"knowledge"}},
		{Dir: "knowledge", May: []string{"knowledge/packed", "knowledge/text", "knowledge/encoder", "internal/markup"}, Tests: []string{"knowledge/library", "knowledge/eval"}},
		{Dir: "knowledge/eval", May: []string{"knowledge", "knowledge/text"}, Tests: []string{"knowledge/library"}},
		{Dir: "knowledge/fit", May: []string{"knowledge", "knowledge/eval", "knowledge/library"}},
		{Dir: "bot/phrases", May: []string{"internal/markup"}},
		{Dir: "bot/rule", May: []string{"knowledge", "knowledge/text"}},
		{Dir: "bot/talk", May: []string{"bot/rule", "knowledge", "knowledge/text"}},
		{Dir: "bot/safety", May: []string{"bot/rule", "knowledge", "knowledge/text", "internal/markup"}},
		{Dir: "bot", May: []string{"bot/phrases", "bot/rule", "bot/safety", "bot/talk", "knowledge", "knowledge/text", "internal/markup"}, Tests: []string{"bot/bottest", "knowledge/library"}},
		{Dir: "bot/bottest", May: []string{"bot", "bot/phrases", "bot/safety", "knowledge", "internal/markup"}},
		{Dir: "bot/discord", May: bot, Tests: []string{"bot/bottest", "internal/discordtest", "internal/loadtest", "knowledge/library"}},
		{Dir: "bot/telegram", May: bot, Tests: []string{"bot/bottest", "internal/telegramtest", "knowledge/library"}},
		{Dir: "bot/terminal", May: bot, Tests: []string{"bot/bottest", "knowledge/library"}},
		{Dir: "internal/config"},
		{Dir: "internal/store", May: bot, Tests: []string{"internal/store/storetest"}},
		{Dir: "internal/store/storetest", May: bot},
		{Dir: "internal/metrics", May: bot},
		{Dir: "internal/web", May: bot, Tests: []string{"knowledge/library"}},
		{Dir: "internal/discordtest"},
		{Dir: "internal/telegramtest"},
		{Dir: "internal/importtest"},
		{Dir: "internal/loadtest"},
		{Dir: "cmd/docent", May: []string{"..."}},
	}
}

// Homes returns the folders in which each library may be imported; "..." stands for all of them. Tests of other packages must not import it either,
// unless TestOnly says so.
func Homes() map[string][]string {
	knowledge := []string{"knowledge", "knowledge/text"}
	return map[string][]string{
		"github.com/bwmarrin/discordgo":       {"bot/discord", "internal/discordtest"},
		"github.com/gorilla/websocket":        {"bot/discord", "internal/discordtest"},
		"github.com/go-telegram-bot-api":      {"bot/telegram", "internal/telegramtest"},
		"github.com/jackc/pgx":                {"internal/store"},
		"modernc.org/sqlite":                  {"internal/store"},
		"go.yaml.in/yaml":                     {"internal/config", "knowledge"},
		"github.com/yuin/goldmark":            {"internal/markup"},
		"github.com/sahilm/fuzzy":             knowledge,
		"github.com/blevesearch/snowballstem": knowledge,
		"github.com/clipperhouse/uax29":       {"..."},
		"github.com/prometheus/client_golang": {"internal/metrics"},
		"github.com/spf13/cobra":              {"cmd/docent"},
		"github.com/lmittmann/tint":           {"cmd/docent"},
		"github.com/fsnotify/fsnotify":        {"cmd/docent"},
		"golang.org/x/term":                   {"cmd/docent", "bot/terminal"},
		"golang.org/x/sys":                    {"knowledge/encoder"},
		"golang.org/x/sync":                   {"bot", "bot/discord", "bot/telegram", "cmd/docent", "knowledge"},
		"golang.org/x/time":                   {"bot", "bot/discord", "bot/telegram", "internal/web"},
		"golang.org/x/text":                   {"..."},
	}
}

// TestOnly returns the libraries that only tests may import, in any package.
func TestOnly() []string {
	return []string{"github.com/google/go-cmp", "github.com/rogpeppe/go-internal", "pgregory.net/rapid", "github.com/getkin/kin-openapi"}
}

// CheckImports returns what in f breaks the rules, one line each.
func CheckImports(f File) []string {
	i := slices.IndexFunc(Rules(), func(r Rule) bool { return r.Dir == f.Dir })
	if i < 0 {
		return []string{fmt.Sprintf("%s: the import table of internal/importtest has no row for %s", f.Path, f.Dir)}
	}
	rule := Rules()[i]
	var wrong []string
	for _, im := range f.Imports {
		if why := refuse(f, rule, im.Path); why != "" {
			wrong = append(wrong, fmt.Sprintf("%s:%d: %s imports %s: %s", f.Path, im.Line, f.Dir, im.Path, why))
		}
	}
	return wrong
}

// refuse says why f may not import path, or nothing.
func refuse(f File, rule Rule, path string) string {
	if dir, ours := strings.CutPrefix(path, module); ours {
		if dir == f.Dir || slices.Contains(rule.May, "...") || slices.Contains(rule.May, dir) || f.Test && slices.Contains(rule.Tests, dir) {
			return ""
		}
		return "the import table does not allow it"
	}
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return "" // the standard library
	}
	for _, library := range TestOnly() {
		if within(path, library) {
			if f.Test || strings.HasSuffix(f.Dir, "test") {
				return ""
			}
			return "this library is for tests only"
		}
	}
	for library, homes := range Homes() {
		if !within(path, library) {
			continue
		}
		if slices.Contains(homes, "...") || slices.Contains(homes, f.Dir) {
			return ""
		}
		return "its home is " + strings.Join(homes, ", ")
	}
	return "this library has no home in the table"
}

// within reports whether path is the library, another major version of it or a package in it.
func within(path, library string) bool {
	return path == library || strings.HasPrefix(path, library+"/")
}
