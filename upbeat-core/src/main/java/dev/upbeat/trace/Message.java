package dev.upbeat.trace;

/** One turn of a conversation. */
public record Message(String role, String content) {}
