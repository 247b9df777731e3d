// Package start starts the user's engine where none runs. Both ends are here: a
// command calls [Engine], and the engine that it starts calls [Report].
//
// The engine is the program beside this one, never one from PATH or the working
// directory. It outlives the command and takes nothing of it along: a session of
// its own, /, a umask of 077, no open file but the pipe on which it says that it is
// ready, and those variables of the environment that stand in a list. So whoever
// waits for the command's pipes, locks or terminal does not wait for the engine.
//
// Every command links this package, so it links little. It must never decide who
// may ask the engine, and never wait for a person.
package start
