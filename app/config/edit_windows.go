package config

// lockFlags are those with which the lock's file is opened.
const lockFlags = 0
