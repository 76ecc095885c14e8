package encoder

import (
	"crypto/sha256"
	"encoding/hex"
)

// Checksum returns the SHA-256 of the model inside the program, in hexadecimal digits.
func Checksum() string {
	h := sha256.Sum256([]byte(modelFile))
	return hex.EncodeToString(h[:])
}
