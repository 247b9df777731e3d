package auth

// The values of [Error.Code] that are ours. A provider's own `error` stands there
// as it came. They never change their meaning, since programs read them.
const (
	CodeAdministrator     = "administrators_tool" // the tool is an administrator's and cannot be changed
	CodeAgentBusy         = "agent_busy"
	CodeAgentFolder       = "agent_folder"
	CodeAgentGone         = "agent_gone"
	CodeAgentListen       = "agent_listen"
	CodeAgentPath         = "agent_path"
	CodeAgentPeer         = "agent_peer"
	CodeAgentReply        = "agent_reply"
	CodeAgentRequest      = "agent_request"
	CodeAgentSilent       = "agent_silent"
	CodeAgentVersion      = "agent_version"
	CodeAutostart         = "autostart"
	CodeAutostartForeign  = "autostart_foreign" // the entry is not one of ours
	CodeBadCAFile         = "bad_ca_file"
	CodeBadClientAuth     = "bad_client_auth"
	CodeBadIDToken        = "bad_id_token"
	CodeBadMetadata       = "bad_metadata"
	CodeBadParams         = "bad_params"
	CodeBadProxy          = "bad_proxy" // the proxy's address cannot be used
	CodeBadQuestion       = "bad_question"
	CodeBadRedirect       = "bad_redirect"
	CodeBadSecret         = "bad_secret"
	CodeBadToken          = "bad_token"
	CodeBadURL            = "bad_url"
	CodeBrowser           = "browser"
	CodeCallbackCode      = "callback_code"
	CodeCallbackDuplicate = "callback_duplicate"
	CodeCallbackIssuer    = "callback_issuer"
	CodeCallbackState     = "callback_state"
	CodeCanceled          = "canceled"
	CodeClock             = "clock" // this computer's clock is wrong; it passes once a person has set it
	CodeSpent             = "code_spent"
	CodeCopyAs            = "copy_as"
	CodeDemo              = "demo"
	CodeDNS               = "dns"
	CodeDryRun            = "dry_run"
	CodeEditor            = "editor"
	CodeExecInfo          = "exec_info"
	CodeExecVersion       = "exec_version"
	CodeExpired           = "expired"
	CodeFieldEmpty        = "field_empty" // a field of a form that must not be
	CodeFormat            = "format"
	CodeHTTPStatus        = "http_" // followed by the status, where the provider gave no reason
	CodeHTTPError         = "http_error"
	CodeIDTokenAlgorithm  = "id_token_algorithm"
	CodeIDTokenAtHash     = "id_token_at_hash"
	CodeIDTokenAudience   = "id_token_audience"
	CodeIDTokenAuthTime   = "id_token_auth_time"
	CodeIDTokenAzp        = "id_token_azp"
	CodeIDTokenClaims     = "id_token_claims"
	CodeIDTokenEnded      = "id_token_ended"
	CodeIDTokenExpired    = "id_token_expired"
	CodeIDTokenExpiry     = "id_token_expiry"
	CodeIDTokenIssuedAt   = "id_token_issued_at"
	CodeIDTokenIssuer     = "id_token_issuer"
	CodeIDTokenKid        = "id_token_kid"
	CodeIDTokenMalformed  = "id_token_malformed"
	CodeIDTokenNonce      = "id_token_nonce"
	CodeIDTokenNotBefore  = "id_token_not_before"
	CodeIDTokenSignature  = "id_token_signature"
	CodeIDTokenSubject    = "id_token_subject"
	CodeIDTokenTenant     = "id_token_tenant"
	CodeInsecureEndpoint  = "insecure_endpoint"
	CodeInvalidClient     = "invalid_client"
	CodeInvalidGrant      = "invalid_grant"
	CodeIssuerMismatch    = "issuer_mismatch"
	CodeKeychainAbsent    = "keychain_absent"  // there is no keychain, or none that could store anything
	CodeKeychainApprove   = "keychain_approve" // it is open, and gives out or changes nothing before a person has allowed it
	CodeKeychainAsking    = "keychain_asking"  // it is asking a person right now whether to allow something
	CodeKeychainDamaged   = "keychain_damaged" // of KindDamaged: the entry cannot be read
	CodeKeychainFailed    = "keychain_failed"  // anything else
	CodeKeychainHelper    = "keychain_helper"
	CodeKeychainLocked    = "keychain_locked"  // it is there, and a person has to unlock it
	CodeKeychainNewer     = "keychain_newer"   // a newer Keyfob wrote the entry; it is left as it is
	CodeKeychainRefused   = "keychain_refused" // it asked, and nobody gave the password or allowed it
	CodeKeychainSlow      = "keychain_slow"    // it is at work for longer than usual
	CodeKeychainTimeout   = "keychain_timeout" // it did not answer in time
	CodeKeychainWaiting   = "keychain_waiting" // it is asking a person for its password right now
	CodeLedger            = "ledger"
	CodeLock              = "lock"
	CodeLoopbackMisused   = "loopback_misused"
	CodeMandatoryScopes   = "mandatory_scopes"
	CodeMinValid          = "min_valid"
	CodeNeedsHTTPS        = "needs_https" // there is TLS at an http address
	CodeNetwork           = "network"
	CodeNoAccessToken     = "no_access_token"
	CodeNoAddress         = "no_address"
	CodeNoAgent           = "no_agent"
	CodeNoAlgorithm       = "no_algorithm"
	CodeNoClientSecret    = "no_client_secret"
	CodeNoClipboard       = "no_clipboard"
	CodeNoIDToken         = "no_id_token"
	CodeNoKeys            = "no_keys"
	CodeNoRefreshToken    = "no_refresh_token"
	CodeNoSecretNeeded    = "no_secret_needed"
	CodeNoSettings        = "no_settings"
	CodeNoSignIn          = "no_sign_in"
	CodeNoToken           = "no_token"
	CodeNoTool            = "no_tool"
	CodeNoTray            = "no_tray" // nothing here shows an icon
	CodeNoUserinfo        = "no_userinfo"
	CodeNotAllowed        = "not_allowed"
	CodeNotFound          = "not_found"
	CodeNotJSON           = "not_json"
	CodeNotSent           = "not_sent"
	CodeNothingImported   = "nothing_imported"
	CodeOrphan            = "orphan"
	CodeOtherAccount      = "other_account" // a sign-in brought another account than the one that is signed in
	CodeOtherClient       = "other_client"  // the stored tokens are of another provider or client than the settings name now
	CodeOtherIssuer       = "other_issuer"
	CodeOthersHome        = "others_home"
	CodePlainHTTP         = "plain_http" // there is no TLS at an https address
	CodePortsBusy         = "ports_busy"
	CodeProxy             = "proxy"
	CodeProxyDenied       = "proxy_denied"
	CodeProxyLogin        = "proxy_login"
	CodeRedirect          = "redirect"
	CodeRunning           = "running"
	CodeScopesChanged     = "scopes_changed" // the settings ask for other scopes than the sign-in did; the session goes on
	CodeSettings          = "settings"       // every error about the settings
	CodeSettingsWrite     = "settings_write"
	CodeSignedOut         = "signed_out"
	CodeSSOSettings       = "sso_settings"
	CodeStopped           = "stopped"
	CodeTimeout           = "timeout"
	CodeTLS               = "tls"                    // no trusted authority issued its certificate
	CodeTLSCertificate    = "tls_client_certificate" // the provider wants a certificate of ours
	CodeTLSExpired        = "tls_expired"            // by this computer's clock
	CodeTLSName           = "tls_name"               // the certificate is another host's
	CodeTLSNoName         = "tls_no_name"            // the certificate names no host as certificates do today
	CodeTLSEarly          = "tls_not_yet_valid"      // by this computer's clock
	CodeTokenType         = "token_type"
	CodeTooBig            = "too_big"
	CodeTooLarge          = "too_large"
	CodeTooLong           = "too_long"
	CodeUnknownError      = "unknown_error"
	CodeUnknownProvider   = "unknown_provider"
	CodeUnknownTool       = "unknown_tool"
	CodeUnreachable       = "unreachable"
	CodeUnverified        = "unverified"
	CodeUsage             = "usage"
	CodeUserinfoAudience  = "userinfo_audience"
	CodeUserinfoRefused   = "userinfo_refused"
	CodeUserinfoSignature = "userinfo_signature"
	CodeUserinfoSubject   = "userinfo_subject"
	CodeWindow            = "window"          // the window program is missing, or does not draw its window
	CodeWindowOpenGL      = "window_opengl"   // the display lacks the OpenGL that a window needs
	CodeWindowScreen      = "window_screen"   // there is no display to open a window on
	CodeWindowXwayland    = "window_xwayland" // there is a Wayland display alone, and a window needs Xwayland
)

// WindowCodes returns the codes of errors that say why no window opens.
func WindowCodes() []string {
	return []string{CodeWindow, CodeWindowOpenGL, CodeWindowScreen, CodeWindowXwayland}
}

// TLSCodes returns the codes of errors that tell of TLS, not of the network.
func TLSCodes() []string {
	return []string{CodeTLS, CodeTLSExpired, CodeTLSEarly, CodeTLSName, CodeTLSNoName, CodeTLSCertificate, CodePlainHTTP, CodeNeedsHTTPS}
}
