"""How the shipped entity model is made: vocabulary, pre-training, fine-tuning, measurement, export."""
