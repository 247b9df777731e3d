package auth

// Binding is what the life of a refresh token is bound to.
type Binding string

// The bindings.
const (
	BoundUnknown Binding = ""        // there is no refresh token, or nothing tells
	BoundSession Binding = "session" // it ends with the person's session at the provider
	BoundOffline Binding = "offline" // it outlives that session (OpenID Connect Core 1.0 section 11)
)
