import 'upbeat/main.js';
