package dev.upbeat.checkpoint;

/** One turn of a conversation. */
public record Message(String role, String content) {}
