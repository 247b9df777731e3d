// Package folders says where the files of a user belong: the settings, what is
// remembered over restarts, and the engine's socket.
//
// It must never make a folder, or link more than a program does that only asks
// an engine.
package folders
