DROP TABLE quotas;
DROP TABLE visits;
DROP TABLE reception_matters;
DROP TABLE reception_deputies;
DROP TABLE receptions;
