package knowledge

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"docent/knowledge/encoder"
)

// A cache keeps what the encoder made of texts in a file, so that a start with the same articles need not compute it
// again. It holds no text: an entry's key is a checksum of the text. A file that is damaged, or of another model, is
// not used and is written anew.
//
// The file is cacheMagic (which changes when the encoder's arithmetic does), the model's checksum, the entries and, at the end, a CRC-32C of all before it. An entry is
// its key, the number of its pieces, the vector with its scale, and ids, scales and rows of the pieces.
type cache struct {
	path    string
	entries map[cacheKey][]byte
	used    map[cacheKey]bool
	added   bool
}

type cacheKey [16]byte

const (
	cacheMagic = "docent-vectors-1\n"
	entryHead  = 2 + 4 + encoder.Dim      // without the key
	entryPiece = 4 + 4 + encoder.PieceDim // a piece of an entry
	cacheSpare = 64 << 20                 // bytes of entries that are kept though they were not used this time
	keySize    = len(cacheKey{})          // before each entry
	cacheRight = fs.FileMode(0o600)       // for nobody else
	cacheFrame = len(cacheMagic) + 4 + 4  // magic, the model's checksum, CRC
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// openCache reads the file. The cache can be used whatever the error, which is worth a warning.
func openCache(path string, model uint32) (*cache, error) {
	c := &cache{path: path, entries: map[cacheKey][]byte{}, used: map[cacheKey]bool{}}
	if path == "" {
		return c, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("read the vectors of earlier starts: %w", err)
	}
	if err := c.read(data, model); err != nil {
		clear(c.entries)
		return c, fmt.Errorf("read the vectors of earlier starts: %s: %w; it is written again", path, err)
	}
	return c, nil
}

func (c *cache) read(data []byte, model uint32) error {
	if len(data) < cacheFrame || !bytes.HasPrefix(data, []byte(cacheMagic)) {
		return errors.New("not a file of vectors")
	}
	body := data[:len(data)-4]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(data[len(body):]) {
		return errors.New("the file is damaged")
	}
	body = body[len(cacheMagic):]
	if binary.LittleEndian.Uint32(body) != model {
		return nil // another version of the program made it
	}
	for body = body[4:]; len(body) > 0; {
		if len(body) < keySize+entryHead {
			return errors.New("an entry is cut off")
		}
		n := keySize + entryHead + entryPiece*int(binary.LittleEndian.Uint16(body[keySize:]))
		if len(body) < n {
			return errors.New("an entry is cut off")
		}
		c.entries[cacheKey(body[:keySize])] = body[keySize:n]
		body = body[n:]
	}
	return nil
}

func keyOf(text string, pieces bool) cacheKey {
	kind := "text\n"
	if pieces {
		kind = "pieces\n"
	}
	sum := sha256.Sum256([]byte(kind + text))
	return cacheKey(sum[:])
}

// get returns what is known of a text.
func (c *cache) get(text string, pieces bool) (embedding, bool) {
	k := keyOf(text, pieces)
	b, ok := c.entries[k]
	if !ok {
		return embedding{}, false
	}
	c.used[k] = true
	e := embedding{by: math.Float32frombits(binary.LittleEndian.Uint32(b[2:])), vec: signed(b[6:entryHead])}
	n := int(binary.LittleEndian.Uint16(b))
	for i, at := 0, entryHead; i < n; i, at = i+1, at+8 {
		e.pieces.IDs = append(e.pieces.IDs, int32(binary.LittleEndian.Uint32(b[at:])))
		e.pieces.Scale = append(e.pieces.Scale, math.Float32frombits(binary.LittleEndian.Uint32(b[at+4:])))
	}
	e.pieces.Rows = signed(b[entryHead+8*n:])
	return e, true
}

// put notes what was computed of a text.
func (c *cache) put(text string, pieces bool, e *embedding) {
	n := len(e.pieces.IDs)
	b := make([]byte, 0, entryHead+entryPiece*n)
	b = binary.LittleEndian.AppendUint16(b, uint16(n))
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(e.by))
	b = appendSigned(b, e.vec)
	for i, id := range e.pieces.IDs {
		b = binary.LittleEndian.AppendUint32(b, uint32(id))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(e.pieces.Scale[i]))
	}
	k := keyOf(text, pieces)
	c.entries[k], c.used[k], c.added = appendSigned(b, e.pieces.Rows), true, true
}

// save writes the file when something new is in it: all that was used, and of the rest as much as there is room for.
func (c *cache) save(model uint32) error {
	if c.path == "" || !c.added {
		return nil
	}
	keys := make([]cacheKey, 0, len(c.entries))
	for k := range c.entries {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b cacheKey) int { return bytes.Compare(a[:], b[:]) })
	out := binary.LittleEndian.AppendUint32([]byte(cacheMagic), model)
	spare := 0
	for _, k := range keys {
		e := c.entries[k]
		if !c.used[k] {
			if spare += len(e); spare > cacheSpare {
				continue
			}
		}
		out = append(append(out, k[:]...), e...)
	}
	out = binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
	if err := replaceFile(c.path, out); err != nil {
		return fmt.Errorf("keep the vectors for the next start: %w", err)
	}
	c.added = false
	return nil
}

// replaceFile writes a file so that whoever reads it sees the old one or the new one, whole.
func replaceFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(cacheRight), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

func signed(b []byte) []int8 {
	out := make([]int8, len(b))
	for i, v := range b {
		out[i] = int8(v)
	}
	return out
}

func appendSigned(b []byte, s []int8) []byte {
	for _, v := range s {
		b = append(b, byte(v))
	}
	return b
}
