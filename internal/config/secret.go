package config

import (
	"fmt"
	"io"
	"log/slog"
)

const hidden = "[secret]"

// A Secret is a text that no print, log or encoder shows. Reveal returns it.
type Secret struct{ text string }

// NewSecret returns a Secret that holds text.
func NewSecret(text string) Secret { return Secret{text} }

// Reveal returns the text itself. Hand it only to what needs it.
func (s Secret) Reveal() string { return s.text }

// IsZero reports whether there is no text.
func (s Secret) IsZero() bool { return s.text == "" }

// String returns "[secret]", or "" when there is no text.
func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return hidden
}

// Format writes String for every verb, so that %x and %#v do not show the text either.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// LogValue returns String for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns String for JSON and other encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalYAML returns String for YAML.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }
