package config

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// A setter reads a value from the file or, as a scalar, from the environment. Its errors say what to write instead and
// never repeat the value of a secret.
type setter func(*yaml.Node) error

func scalar(n *yaml.Node) (string, error) {
	if n.Kind != yaml.ScalarNode {
		return "", errors.New("write one value here, not a list or a group of keys")
	}
	return strings.TrimSpace(n.Value), nil
}

// text accepts what matches re. A nil re accepts everything.
func text(dst *string, re *regexp.Regexp) setter {
	return func(n *yaml.Node) error {
		s, err := scalar(n)
		if err != nil {
			return err
		}
		if s != "" && re != nil && !re.MatchString(s) {
			return fmt.Errorf("%q is not allowed here", s)
		}
		*dst = s
		return nil
	}
}

func secret(dst *Secret, re *regexp.Regexp) setter {
	return func(n *yaml.Node) error {
		s, err := scalar(n)
		if err != nil {
			return err
		}
		if s != "" && !re.MatchString(s) {
			return errors.New("the value does not look right (it is not shown because it is a secret)")
		}
		*dst = NewSecret(s)
		return nil
	}
}

func oneOf(dst *string, words ...string) setter {
	return func(n *yaml.Node) error {
		s, err := scalar(n)
		if err != nil {
			return err
		}
		if s = strings.ToLower(s); !slices.Contains(words, s) {
			return fmt.Errorf("%q is not allowed here", s)
		}
		*dst = s
		return nil
	}
}

func onOff(dst *bool) setter {
	return func(n *yaml.Node) error {
		s, err := scalar(n)
		if err != nil {
			return err
		}
		switch strings.ToLower(s) {
		case "true", "yes", "on", "1":
			*dst = true
		case "false", "no", "off", "0":
			*dst = false
		default:
			return fmt.Errorf("%q is not allowed here", s)
		}
		return nil
	}
}

func number(dst *int, least, most int) setter {
	return func(n *yaml.Node) error {
		s, err := scalar(n)
		if err != nil {
			return err
		}
		i, err := strconv.Atoi(s)
		if err != nil || i < least || i > most {
			return fmt.Errorf("%q is not allowed here", s)
		}
		*dst = i
		return nil
	}
}

// shardCount accepts "auto", which is 0, and a number.
func shardCount(dst *int, most int) setter {
	count := number(dst, 1, most)
	return func(n *yaml.Node) error {
		if s, err := scalar(n); err == nil && strings.EqualFold(s, "auto") {
			*dst = 0
			return nil
		}
		return count(n)
	}
}

func shardRange(dst *ShardRange) setter {
	return func(n *yaml.Node) error {
		s, err := scalar(n)
		if err != nil {
			return err
		}
		if s == "" {
			*dst = ShardRange{}
			return nil
		}
		a, b, two := strings.Cut(s, "-")
		first, err1 := strconv.Atoi(a)
		last, err2 := first, error(nil)
		if two {
			last, err2 = strconv.Atoi(b)
		}
		if err1 != nil || err2 != nil || first < 0 || last < first {
			return fmt.Errorf("%q is not allowed here", s)
		}
		*dst = ShardRange{true, first, last}
		return nil
	}
}

func span(dst *time.Duration, least, most time.Duration) setter {
	return func(n *yaml.Node) error {
		s, err := scalar(n)
		if err != nil {
			return err
		}
		d, err := ParseDuration(s)
		if err != nil {
			return err
		}
		if d < least || d > most {
			return fmt.Errorf("%q is not allowed here", s)
		}
		*dst = d
		return nil
	}
}

// ParseDuration reads a duration such as "10m", "1h30m" or "30d". A day has 24 hours.
func ParseDuration(s string) (time.Duration, error) {
	rest, days := s, 0.0
	if num, after, ok := strings.Cut(s, "d"); ok {
		n, err := strconv.ParseUint(num, 10, 32)
		if err != nil {
			return 0, fmt.Errorf("%q is not a duration: write it like 30d, 12h, 10m or 30s", s)
		}
		rest, days = after, float64(n)
	}
	var d time.Duration
	if rest != "" || days == 0 && !strings.Contains(s, "d") {
		var err error
		if d, err = time.ParseDuration(rest); err != nil {
			return 0, fmt.Errorf("%q is not a duration: write it like 30d, 12h, 10m or 30s", s)
		}
	}
	if total := days*float64(day) + float64(d); d < 0 || total > math.MaxInt64 {
		return 0, fmt.Errorf("%q is not a duration: write it like 30d, 12h, 10m or 30s", s)
	}
	return time.Duration(days)*day + d, nil
}

// FormatDuration returns d as ParseDuration reads it, in whole days where possible.
func FormatDuration(d time.Duration) string {
	if d >= day && d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// address accepts host:port, or "off", which is the empty address.
func address(dst *string) setter {
	return func(n *yaml.Node) error {
		s, err := scalar(n)
		if err != nil {
			return err
		}
		if strings.EqualFold(s, "off") {
			s = ""
		}
		if s != "" {
			_, port, err := net.SplitHostPort(s)
			if _, err2 := strconv.ParseUint(port, 10, 16); err != nil || err2 != nil {
				return fmt.Errorf("%q is not allowed here", s)
			}
		}
		*dst = s
		return nil
	}
}

// link accepts an address with one of the schemes, or nothing. A trailing slash is dropped.
func link(dst *string, schemes ...string) setter {
	return func(n *yaml.Node) error {
		s, err := scalar(n)
		if err != nil {
			return err
		}
		if s != "" {
			u, err := url.Parse(s)
			if err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
				return errors.New("this is not a web address")
			}
			if u.User != nil {
				return errors.New("an address with a user name or password is not allowed here")
			}
		}
		*dst = strings.TrimRight(s, "/")
		return nil
	}
}

// list accepts a list of texts, or one scalar with commas between the texts.
func list(dst *[]string) setter {
	return func(n *yaml.Node) error {
		var out []string
		switch n.Kind {
		case yaml.ScalarNode:
			out = strings.Split(n.Value, ",")
		case yaml.SequenceNode:
			for _, c := range n.Content {
				s, err := scalar(c)
				if err != nil {
					return err
				}
				out = append(out, s)
			}
		default:
			return errors.New("write a list here: [one, two]")
		}
		for i, s := range out {
			out[i] = strings.TrimSpace(s)
		}
		*dst = slices.DeleteFunc(out, func(s string) bool { return s == "" })
		return nil
	}
}

// table accepts keys with texts that check allows. A scalar is the text of the empty key.
func table[M ~map[string]string](dst *M, check func(key, value string) error) setter {
	return func(n *yaml.Node) error {
		out := M{}
		switch n.Kind {
		case yaml.ScalarNode:
			if n.Value != "" {
				out[""] = strings.TrimSpace(n.Value)
			}
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				s, err := scalar(n.Content[i+1])
				if err != nil {
					return err
				}
				k := n.Content[i].Value
				if _, twice := out[k]; twice {
					return fmt.Errorf("%q stands here twice: delete one", k)
				}
				out[k] = s
			}
		default:
			return errors.New("write keys with texts here: {en: text, de: text}")
		}
		for k, v := range out {
			if err := check(k, v); err != nil {
				return err
			}
		}
		if len(out) == 0 {
			out = nil
		}
		*dst = out
		return nil
	}
}
