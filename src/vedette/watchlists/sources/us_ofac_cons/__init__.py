"""The consolidated list of OFAC's other (non-SDN) programmes."""
