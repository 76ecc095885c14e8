package terminal

import "docent/bot"

// maxCompletions is how many topics Tab walks through.
const maxCompletions = 8

// A completer completes the typed line to a topic. Each further Tab shows the next topic, and after the last one the
// typed line again.
type completer struct {
	catalog bot.Catalog
	lines   []string // what Tab offers, then what was typed
	at      int      // the one that is shown
}

// complete has the shape of term.Terminal's AutoCompleteCallback.
func (c *completer) complete(line string, pos int, key rune) (string, int, bool) {
	if key != '\t' {
		c.lines = nil
		return "", 0, false
	}
	if len(c.lines) == 0 || line != c.lines[c.at] {
		c.start(line)
	} else {
		c.at = (c.at + 1) % len(c.lines)
	}
	shown := c.lines[c.at]
	return shown, len(shown), true
}

func (c *completer) start(line string) {
	c.lines, c.at = nil, 0
	seen := map[string]bool{line: true}
	for _, s := range c.catalog.Suggest(line, maxCompletions) {
		if !seen[s.Topic.Title] {
			seen[s.Topic.Title] = true
			c.lines = append(c.lines, s.Topic.Title)
		}
	}
	c.lines = append(c.lines, line)
}
