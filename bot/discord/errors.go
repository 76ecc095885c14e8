package discord

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/bwmarrin/discordgo"
)

// redacted removes the address, which holds the tokens of interactions, from a network error.
func redacted(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// status returns the HTTP status of an answer that discordgo took for an error, or 0.
func status(err error) int {
	var rest *discordgo.RESTError
	if errors.As(err, &rest) && rest.Response != nil {
		return rest.Response.StatusCode
	}
	var api *apiError
	if errors.As(err, &api) {
		return api.status
	}
	return 0
}

// code returns Discord's own number of an error, or 0.
func code(err error) int {
	var rest *discordgo.RESTError
	if errors.As(err, &rest) && rest.Message != nil {
		return rest.Message.Code
	}
	var api *apiError
	if errors.As(err, &api) {
		return api.code
	}
	return 0
}

// An apiError is an answer of Discord that is not a success.
type apiError struct {
	status, code int
	message      string
}

func (e *apiError) Error() string {
	return fmt.Sprintf("discord answered %d: %s (%d)", e.status, e.message, e.code)
}
