package dev.upbeat.store;

/**
 * The step and group of a trace in a training, and its advantage there.
 *
 * @param step training step, from 1; 0 for traces of the initial weights
 * @param promptIndex number of its prompt in the step, from 0
 * @param sample number of the response among those to its prompt, from 0
 * @param advantage of the response in its group, NaN if it has none
 */
public record TrainingPlace(long step, int promptIndex, int sample, double advantage) {}
