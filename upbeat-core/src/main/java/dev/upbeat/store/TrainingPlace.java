package dev.upbeat.store;

/**
 * Where in a training a trace was drawn, and what it was worth there.
 *
 * @param step the step that it was drawn for, from 1; 0 of one that the weights which the training began with wrote
 * @param promptIndex number of its prompt in the step, from 0
 * @param sample number of the response among those to its prompt, from 0
 * @param advantage of the response in its group, NaN where it has none
 */
public record TrainingPlace(long step, int promptIndex, int sample, double advantage) {}
