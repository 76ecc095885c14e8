package discordtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)
	locales     = strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko")
)

// checkCommands returns the rules that a list of commands breaks.
func checkCommands(list []commandRequest) []Violation {
	var c checker
	count := map[int]int{}
	seen := map[string]bool{}
	for i, r := range list {
		at := fmt.Sprintf("%d.", i)
		kind := max(r.Type, 1)
		count[kind]++
		key := fmt.Sprint(kind, r.Name)
		if seen[key] {
			c.add(at+"name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		seen[key] = true
		c.command(at, kind, r)
	}
	c.distinct("name_localizations", len(list), func(i int) (string, map[string]string) {
		return fmt.Sprint(max(list[i].Type, 1), list[i].Name), prefixed(max(list[i].Type, 1), list[i].NameLocalizations)
	})
	for kind, most := range map[int]int{1: 100, 2: 15, 3: 15} {
		if count[kind] > most {
			c.add("", "30032", fmt.Sprintf("Maximum number of application commands reached (%d).", most))
		}
	}
	return c.bad
}

func (c *checker) command(at string, kind int, r commandRequest) {
	if kind != 1 {
		c.between(at+"name", r.Name, 1, 32)
		if r.Description != "" || len(r.Options) > 0 {
			c.add(at+"description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET", "Context menu commands cannot have description")
		}
		return
	}
	c.name(at+"name", r.Name)
	c.between(at+"description", r.Description, 1, 100)
	c.localized(at, r.NameLocalizations, r.DescriptionLocalizations)
	c.options(at+"options.", r.Options)
	size := longest(r.Name, r.NameLocalizations) + longest(r.Description, r.DescriptionLocalizations)
	for _, o := range r.Options {
		size += optionSize(o)
	}
	if size > 8000 {
		c.add(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
	}
}

func (c *checker) name(at, name string) {
	if !commandName.MatchString(name) || strings.ToLower(name) != name {
		c.add(at, "STRING_TYPE_REGEX", "String value did not match validation regex.")
	}
}

func (c *checker) localized(at string, names, descriptions map[string]string) {
	for l, n := range names {
		c.locale(at+"name_localizations", l)
		c.name(at+"name_localizations."+l, n)
	}
	for l, d := range descriptions {
		c.locale(at+"description_localizations", l)
		c.between(at+"description_localizations."+l, d, 1, 100)
	}
}

func (c *checker) locale(at, l string) {
	if !slices.Contains(locales, l) {
		c.add(at, "ENUM_TYPE_COERCE", fmt.Sprintf("Value %q is not a valid enum value.", l))
	}
}

func (c *checker) options(at string, list []commandOption) {
	if len(list) > 25 {
		c.add(at, "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 25 in length.")
	}
	seen, optional := map[string]bool{}, false
	c.distinct(at+"name_localizations", len(list), func(i int) (string, map[string]string) { return list[i].Name, list[i].NameLocalizations })
	for i, o := range list {
		here := fmt.Sprintf("%s%d.", at, i)
		if seen[o.Name] {
			c.add(here+"name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
		}
		seen[o.Name] = true
		c.name(here+"name", o.Name)
		c.between(here+"description", o.Description, 1, 100)
		c.localized(here, o.NameLocalizations, o.DescriptionLocalizations)
		if o.Required && optional {
			c.add(here+"required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !o.Required
		if o.Autocomplete && len(o.Choices) > 0 {
			c.add(here+"autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "Autocomplete and choices are mutually exclusive")
		}
		if len(o.Choices) > 25 {
			c.add(here+"choices", "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 25 in length.")
		}
		for _, ch := range o.Choices {
			c.between(here+"choices.name", ch.Name, 1, 100)
			for l, name := range ch.NameLocalizations {
				c.locale(here+"choices.name_localizations", l)
				c.between(here+"choices.name_localizations", name, 1, 100)
			}
		}
		if o.MaxLength != nil && *o.MaxLength > 6000 {
			c.add(here+"max_length", "NUMBER_TYPE_MAX", "int value should be less than or equal to 6000.")
		}
		c.options(here+"options.", o.Options)
	}
}

// distinct checks that no translated name is another one's own name, or its name in the same language.
func (c *checker) distinct(at string, n int, name func(int) (string, map[string]string)) {
	owner := map[string]int{}
	for i := range n {
		own, _ := name(i)
		owner[own] = i
	}
	seen := map[string]bool{}
	for i := range n {
		_, translated := name(i)
		for l, v := range translated {
			if j, is := owner[v]; seen[l+" "+v] || is && j != i {
				c.add(at, "APPLICATION_COMMAND_LOCALIZED_NAME_DUPLICATE", fmt.Sprintf("Localized name %q (%s) is already used", v, l))
			}
			seen[l+" "+v] = true
		}
	}
}

// prefixed marks names with the type of their command, because each type has names of its own.
func prefixed(kind int, m map[string]string) map[string]string {
	out := map[string]string{}
	for l, v := range m {
		out[l] = fmt.Sprint(kind, v)
	}
	return out
}

func longest(s string, m map[string]string) int {
	n := utf8.RuneCountInString(s)
	for _, v := range m {
		n = max(n, utf8.RuneCountInString(v))
	}
	return n
}

func optionSize(o commandOption) int {
	n := longest(o.Name, o.NameLocalizations) + longest(o.Description, o.DescriptionLocalizations)
	for _, ch := range o.Choices {
		n += longest(ch.Name, ch.NameLocalizations) + utf8.RuneCountInString(fmt.Sprint(ch.Value))
	}
	for _, sub := range o.Options {
		n += optionSize(sub)
	}
	return n
}
