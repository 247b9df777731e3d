// Package agent is the client's end of the local socket: how the command line
// and the window ask the engine, the one process of a user that owns all
// sessions. Package server is the engine's end; what both ends share is in
// internal/wire. (The command `keyfob agent` runs the engine, not this.)
//
// It must never link what signs in, reads tokens, or opens a network connection,
// and never decide anything about a session: whatever it gives is the engine's
// answer.
//
// # Protocol
//
// A client connects, sends one line of JSON and reads lines of JSON until the
// last one; then the connection ends. There is no second request.
//
//	{"v":2,"op":"token","tool":"plant4","min_valid":60000000000}
//	{"v":2,"ok":true,"wait":true}
//	{"v":2,"ok":true,"tokens":{"access":"eyJ…","type":"Bearer","expiry":"2027-01-02T04:04:05Z",…}}
//
// A line with "wait" says that the engine is still at work, so that a client
// tells a slow provider from a stopped engine. A line with "more" is a part of
// the answer. The line without either is the last, and has "ok" or an "error":
//
//	{"v":2,"error":{"kind":"signin","code":"expired","what":"…","do":"…"}}
//
// A client that hangs up no longer wants what it asked for.
//
// An engine that too many ask at once answers "agent_busy" before it has looked
// at the request, and one that is ending "agent_leaving": the request may be sent
// again. An engine of another version of the protocol answers "agent_version"; its
// line begins with "v" in every version. "quit" is the same in all of them.
//
// A request may say who asks: "settings", the absolute path of the settings file
// that is meant, with "named" where a person chose it, is refused by an engine with
// other settings; "unlock" says that a person is there to give the keychain's
// password.
//
// # Operations
//
// Each request is followed by the lines of its answer that are its own. Where
// there are none, the answer is {"v":2,"ok":true}.
//
// Sessions:
//
//	{"v":2,"op":"status","settings":"/home/ann/.config/keyfob/keyfob.toml"}
//	{"v":2,"ok":true,"snapshots":[{"tool":"plant4","name":"Plant 4","state":"active",…}],"ignored":[…],"orphans":[…]}
//
//	{"v":2,"op":"watch"}
//	{"v":2,"ok":true,"more":true,"snapshots":[…]}
//
//	{"v":2,"op":"inspect","tool":"plant4"}
//	{"v":2,"ok":true,"inspection":{"tool":"plant4","access":{"form":"jwt","claims":[…]},…}}
//
//	{"v":2,"op":"login","tool":"plant4","no_browser":true,"prompt":"consent","offline":true,"switch_account":true}
//	{"v":2,"ok":true,"more":true,"step":{"name":"browser",…}}
//	{"v":2,"ok":true}
//
//	{"v":2,"op":"cancel","tool":"plant4"}
//
//	{"v":2,"op":"logout","tool":"plant4","browser":true,"pages":["https://sso.example.com/logout"]}
//	{"v":2,"ok":true,"more":true,"signed_out":{"words":["…"],…}}
//	{"v":2,"ok":true}
//
//	{"v":1,"op":"quit"}
//
// Settings, and what the keychain holds beside sessions:
//
//	{"v":2,"op":"yield"}
//
//	{"v":2,"op":"yield"}
//
//	{"v":2,"op":"reload"}
//
//	{"v":2,"op":"secret","tool":"plant4","secret":"…"}
//
//	{"v":2,"op":"holds","tool":"plant4"}
//	{"v":2,"ok":true,"tokens":true,"secret":true}
//
//	{"v":2,"op":"forget","tool":"plant4"}
//	{"v":2,"ok":true,"more":true,"forgotten":["plant4"]}
//	{"v":2,"ok":true}
//
// On a desktop:
//
//	{"v":2,"op":"promote","environment":{"DISPLAY":":0","LANG":"en_GB.UTF-8"}}
//	{"v":2,"ok":true,"said":"…"}
//
//
//	{"v":2,"op":"later","tool":"plant4"}
//
//	{"v":2,"op":"copy","tool":"plant4","as":"header"}
//
//	{"v":2,"op":"home","tool":"plant4"}
//
//	{"v":2,"op":"reopen","tool":"plant4"}
//
//	{"v":2,"op":"show"}
//
// Setting up, in the window:
//
//	{"v":2,"op":"presets"}
//	{"v":2,"ok":true,"presets":[{"id":"entra","name":"Microsoft Entra ID","fields":[…],…}]}
//
//	{"v":2,"op":"know","address":"https://login.microsoftonline.com/…"}
//	{"v":2,"ok":true,"draft":{"provider":"entra","values":{"tenant":"…"}}}
//
//	{"v":2,"op":"check","draft":{"provider":"keycloak","values":{"name":"Plant 4"}}}
//	{"v":2,"ok":true,"judged":{"id":"plant-4","verdict":"compatible","rows":[…]}}
//
//	{"v":2,"op":"add","draft":{"provider":"keycloak","values":{"name":"Plant 4"}}}
//	{"v":2,"ok":true,"judged":{"id":"plant-4","faults":[{"key":"realm","error":{"code":"field_empty",…}}]}}
//
//	{"v":2,"op":"import","import":{"path":"/home/ann/sso-settings.json","take":true}}
//	{"v":2,"ok":true,"imported":{"file":"/home/ann/sso-settings.json","entries":[…]}}
//
//	{"v":2,"op":"settings"}
//	{"v":2,"ok":true,"preferences":{"file":"/home/ann/.config/keyfob/keyfob.toml","reminders":[900000000000],…}}
//
//	{"v":2,"op":"change","change":{"notifications":false}}
//	{"v":2,"ok":true,"preferences":{…}}
package agent
