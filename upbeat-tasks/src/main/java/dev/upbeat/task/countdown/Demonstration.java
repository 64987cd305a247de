package dev.upbeat.task.countdown;

import dev.upbeat.task.Problem;

/**
 * A problem with a written response to learn from.
 *
 * @param afterText the response to the prompt as raw text
 * @param afterConversation the response to the prompt as a conversation
 * @param right whether the response's answer is right
 */
public record Demonstration(Problem problem, String afterText, String afterConversation, boolean right) {}
