"""Small learned scorers: for every slot candidates first, then one linear model that picks among them or none."""
