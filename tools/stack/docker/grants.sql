-- Run when the container first makes its data: tests have databases of their own.
GRANT ALL ON *.* TO 'millrace'@'%';
