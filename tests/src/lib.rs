//! Tests of the whole: golden path, scenes with foreign clients, hostile input, architecture.
