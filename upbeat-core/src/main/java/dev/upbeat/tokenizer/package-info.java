/** Text to token ids and back, and conversations to text: tokenizers of Hugging Face and GGUF, chat templates. */
@NullMarked
package dev.upbeat.tokenizer;

import org.jspecify.annotations.NullMarked;
