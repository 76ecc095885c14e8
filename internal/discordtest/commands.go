package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
)

// commandRequest is an application command as a bot sends it. The names are the platform's.
type commandRequest struct {
	ID                       string            `json:"id"`
	ApplicationID            string            `json:"application_id"`
	Type                     int               `json:"type"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations"`
	Options                  []commandOption   `json:"options"`
	DefaultMemberPermissions any               `json:"default_member_permissions"`
	DefaultPermission        *bool             `json:"default_permission"`
	DMPermission             *bool             `json:"dm_permission"`
	NSFW                     *bool             `json:"nsfw"`
	Contexts                 []int             `json:"contexts"`
	IntegrationTypes         []int             `json:"integration_types"`
}

type commandOption struct {
	Type                     int               `json:"type"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations"`
	Required                 bool              `json:"required"`
	Options                  []commandOption   `json:"options"`
	Choices                  []Choice          `json:"choices"`
	ChannelTypes             []int             `json:"channel_types"`
	Autocomplete             bool              `json:"autocomplete"`
	MinValue                 *float64          `json:"min_value"`
	MaxValue                 *float64          `json:"max_value"`
	MinLength                *int              `json:"min_length"`
	MaxLength                *int              `json:"max_length"`
}

// createsADay is how many commands may be created in a day, and mostCommands how many there may be.
const (
	createsADay  = 200
	mostCommands = 100
)

// applications answers the routes of commands.
func (s *Server) applications(c *call) answer {
	if len(c.path) == 2 && c.path[1] == "@me" {
		return ok(map[string]any{"id": AppID, "name": "Docent", "verify_key": s.PublicKey()})
	}
	if len(c.path) < 3 || c.path[1] != AppID {
		return s.unknownRoute(c)
	}
	scope, rest := "", c.path[2:]
	if rest[0] == "guilds" && len(rest) > 2 {
		scope, rest = rest[1], rest[2:]
	}
	if rest[0] != "commands" {
		return s.unknownRoute(c)
	}
	switch {
	case len(rest) == 1 && c.Method == http.MethodGet:
		return s.listCommands(scope, c.URL.Query().Get("with_localizations") == "true")
	case len(rest) == 1 && c.Method == http.MethodPut:
		return s.putCommands(c, scope)
	case len(rest) == 1 && c.Method == http.MethodPost:
		return s.upsertCommand(c, scope, "")
	case len(rest) == 2 && c.Method == http.MethodPatch:
		return s.upsertCommand(c, scope, rest[1])
	case len(rest) == 2 && c.Method == http.MethodDelete:
		return s.deleteCommand(scope, rest[1])
	}
	return s.unknownRoute(c)
}

func (s *Server) listCommands(scope string, localized bool) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []any{}
	for _, c := range s.commands[scope] {
		out = append(out, commandJSON(c, localized))
	}
	return ok(out)
}

// commandJSON returns a command as the platform sends it: without the maps of languages unless asked.
func commandJSON(c map[string]any, localized bool) map[string]any {
	out := map[string]any{}
	for k, v := range c {
		switch {
		case !localized && (k == "name_localizations" || k == "description_localizations"):
		case k == "options", k == "choices":
			list := []any{}
			for _, o := range v.([]any) {
				list = append(list, commandJSON(o.(map[string]any), localized))
			}
			out[k] = list
		default:
			out[k] = v
		}
	}
	return out
}

func (s *Server) putCommands(c *call, scope string) answer {
	var list []commandRequest
	if !c.decode(s, &list) {
		return refuse(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
	}
	if bad := checkCommands(list); len(bad) > 0 {
		return s.invalid(c, bad)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh := 0
	for _, r := range list {
		if s.findCommand(scope, r.Name, r.Type) == nil {
			fresh++
		}
	}
	if s.created+fresh > createsADay {
		return refuse(http.StatusBadRequest, 30034, "Max number of daily application command creates has been reached (200)")
	}
	s.created += fresh
	var out []map[string]any
	for i := range list {
		out = append(out, s.merge(scope, &list[i]))
	}
	s.commands[scope] = out
	reply := []any{}
	for _, m := range out {
		reply = append(reply, m)
	}
	return ok(reply)
}

func (s *Server) findCommand(scope, name string, kind int) map[string]any {
	for _, m := range s.commands[scope] {
		if m["name"] == name && m["type"] == max(kind, 1) {
			return m
		}
	}
	return nil
}

// merge returns the command that a request makes: with its old id and version where nothing changed.
func (s *Server) merge(scope string, r *commandRequest) map[string]any {
	m := map[string]any{
		"application_id": AppID, "type": max(r.Type, 1), "name": r.Name, "description": r.Description,
		"default_member_permissions": nil, "nsfw": false, "name_localizations": nullable(r.NameLocalizations),
		"description_localizations": nullable(r.DescriptionLocalizations),
	}
	if r.DefaultMemberPermissions != nil {
		m["default_member_permissions"] = fmt.Sprint(r.DefaultMemberPermissions)
	}
	if r.Options != nil {
		m["options"] = optionsJSON(r.Options)
	}
	if scope == "" {
		m["contexts"], m["integration_types"] = r.Contexts, r.IntegrationTypes
		if r.IntegrationTypes == nil {
			m["integration_types"] = []int{0}
		}
	} else {
		m["guild_id"] = scope
	}
	old := s.findCommand(scope, r.Name, r.Type)
	if old != nil {
		m["id"], m["version"] = old["id"], old["version"]
		if reflect.DeepEqual(m, old) {
			return old
		}
	} else {
		m["id"] = s.nextID()
	}
	m["version"] = s.nextID()
	return m
}

func nullable(m map[string]string) any {
	if len(m) == 0 {
		return nil
	}
	return m
}

// optionsJSON returns options as the platform sends them: what is false or empty is left out.
func optionsJSON(list []commandOption) []any {
	out := []any{}
	for _, o := range list {
		raw, _ := json.Marshal(o)
		var m map[string]any
		json.Unmarshal(raw, &m)
		for k, v := range m {
			if v == nil || v == false || reflect.DeepEqual(v, []any{}) || v == 0.0 && k != "min_value" {
				delete(m, k)
			}
		}
		if o.Options != nil {
			m["options"] = optionsJSON(o.Options)
		}
		out = append(out, m)
	}
	return out
}

func (s *Server) upsertCommand(c *call, scope, id string) answer {
	var r commandRequest
	if !c.decode(s, &r) {
		return refuse(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
	}
	if bad := checkCommands([]commandRequest{r}); len(bad) > 0 {
		return s.invalid(c, bad)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, old := range s.commands[scope] {
		if other := s.findCommand(scope, r.Name, r.Type); id != "" && other != nil && other["id"] != id {
			return s.invalid(c, []Violation{{"name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"}})
		}
		if old["id"] == id || id == "" && old["name"] == r.Name && old["type"] == max(r.Type, 1) {
			m := s.merge(scope, &r)
			m["id"] = old["id"]
			s.commands[scope][n] = m
			return ok(m)
		}
	}
	if id != "" {
		return refuse(http.StatusNotFound, 10063, "Unknown application command")
	}
	if len(s.commands[scope]) >= mostCommands {
		return refuse(http.StatusBadRequest, 30032, "Maximum number of application commands reached (100).")
	}
	if s.created++; s.created > createsADay {
		return refuse(http.StatusBadRequest, 30034, "Max number of daily application command creates has been reached (200)")
	}
	m := s.merge(scope, &r)
	s.commands[scope] = append(s.commands[scope], m)
	return answer{status: http.StatusCreated, body: m}
}

func (s *Server) deleteCommand(scope, id string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, m := range s.commands[scope] {
		if m["id"] == id {
			s.commands[scope] = append(s.commands[scope][:n:n], s.commands[scope][n+1:]...)
			return noContent()
		}
	}
	return refuse(http.StatusNotFound, 10063, "Unknown application command")
}

// Commands returns the registered global commands by name, as the platform keeps them.
func (s *Server) Commands() map[string]map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]map[string]any{}
	for _, m := range s.commands[""] {
		out[m["name"].(string)] = m
	}
	return out
}

// Created returns how many commands were created so far.
func (s *Server) Created() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.created
}

// SetCreated sets how many commands count as created today.
func (s *Server) SetCreated(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.created = n
}

func (s *Server) commandID(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.commands[""] {
		if m["name"] == name {
			return m["id"].(string)
		}
	}
	return strconv.FormatInt(s.lastID, 10)
}
