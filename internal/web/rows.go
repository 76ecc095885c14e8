package web

import (
	"slices"
	"unicode/utf8"

	"docent/bot"
)

// How the platforms lay buttons out.
const (
	discordRows    = 5  // rows of a message
	discordPerRow  = 5  // buttons of a row
	telegramPerRow = 4  // buttons of a row
	telegramRunes  = 34 // letters of a row, for what a phone shows side by side
)

// discordLayout puts choices into rows: each group begins a row, and picks stand one to a row where there is room.
func discordLayout(choices []bot.Choice) [][]bot.Choice {
	for picks := 1; ; picks++ {
		var rows [][]bot.Choice
		for _, group := range groups(choices) {
			n := discordPerRow
			if group[0].Group == bot.GroupPick {
				n = picks
			}
			rows = slices.AppendSeq(rows, slices.Chunk(group, n))
		}
		if len(rows) <= discordRows || picks == discordPerRow {
			return rows
		}
	}
}

// telegramLayout puts choices into rows: each group begins a row, each pick has one, and long labels share none.
func telegramLayout(choices []bot.Choice) [][]bot.Choice {
	var rows [][]bot.Choice
	for _, group := range groups(choices) {
		width, first := 0, true
		for _, c := range group {
			n := utf8.RuneCountInString(c.Label) + 2
			if first || c.Group == bot.GroupPick || width+n > telegramRunes || len(rows[len(rows)-1]) == telegramPerRow {
				rows, width = append(rows, nil), 0
			}
			rows[len(rows)-1] = append(rows[len(rows)-1], c)
			width, first = width+n, false
		}
	}
	return rows
}

// groups cuts choices where their group changes.
func groups(choices []bot.Choice) [][]bot.Choice {
	var out [][]bot.Choice
	for i, c := range choices {
		if i == 0 || c.Group != choices[i-1].Group {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], c)
	}
	return out
}
