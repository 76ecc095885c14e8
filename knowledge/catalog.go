package knowledge

import "docent/knowledge/packed"

// A catalog finds sections by their Refs and keys. It holds the sections alone, as a key is soon computed again.
type catalog struct {
	sections []*Section
	keys     packed.Table
}

func newCatalog(sections []*Section) catalog {
	return catalog{sections, packed.NewTable(len(sections), func(i int) (uint32, uint32) {
		return packed.Hash(sections[i].Ref.Key()), uint32(i)
	})}
}

// section returns the section with a Ref.
func (c *catalog) section(r Ref) (*Section, bool) {
	for p := c.keys.Probe(packed.Hash(r.Key())); ; {
		i := p.Next()
		if i < 0 {
			return nil, false
		}
		if s := c.sections[i]; s.Ref == r {
			return s, true
		}
	}
}

// byKey returns the section whose Ref has a key.
func (c *catalog) byKey(key string) (*Section, bool) {
	for p := c.keys.Probe(packed.Hash(key)); ; {
		i := p.Next()
		if i < 0 {
			return nil, false
		}
		if s := c.sections[i]; s.Ref.Key() == key {
			return s, true
		}
	}
}
